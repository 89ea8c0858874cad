package org.legosim.trace.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a program more or fewer processors than there are. The C library counts them in a file of the kernel's,
 * over which another one is mounted for this program alone; the mask that {@code sched_getaffinity} returns is
 * rewritten by the plugin.
 */
final class Processors {
  private static final String ONLINE = "/sys/devices/system/cpu/online";

  private Processors() {}

  /** Words to put before a command. */
  static List<String> shown(int count, Path work) throws IOException {
    Path online = work.resolve("online");
    String text = count == 1 ? "0\n" : "0-" + (count - 1) + "\n";
    Files.writeString(online, text, StandardCharsets.US_ASCII);
    String mount = "mount --bind \"$1\" " + ONLINE + " && shift && exec \"$@\"";
    // Without the right to mount, a user namespace gives it; the user stays the same.
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    List<String> namespace = isRoot
        ? List.of("unshare", "--mount")
        : List.of("unshare", "--user", "--map-current-user", "--keep-caps", "--mount");
    List<String> words = new ArrayList<>(namespace);
    words.addAll(List.of("sh", "-c", mount, "sh", online.toString()));
    return words;
  }
}
