package org.legosim.trace.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.timing.TraceException;

/**
 * The programs that a capture needs: QEMU's user mode, built with plugins, and a C compiler.
 *
 * @param qemuVersion as QEMU prints it
 * @param pluginInterface version of the plugin interface to build for
 */
record Toolchain(Path qemu, Path compiler, String qemuVersion, int pluginInterface) {
  static final String QEMU = "qemu-x86_64";
  static final String COMPILER = "gcc";
  private static final String REMEDY = "; on Debian and Ubuntu: apt-get install qemu-user gcc";
  private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.(\\d+)");

  static Toolchain find(String searchPath) {
    Path qemu = require(QEMU, searchPath);
    Path compiler = require(COMPILER, searchPath);
    String version =
        output(List.of(qemu.toString(), "--version")).lines().findFirst().orElse("");
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.find()) {
      throw new TraceException(qemu + ": does not tell its version" + REMEDY);
    }
    if (!output(List.of(qemu.toString(), "--help")).contains("-plugin")) {
      throw new TraceException(qemu
          + ": was built without plugins (as qemu-user-static is); capture needs the package qemu-user"
          + REMEDY);
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    return new Toolchain(qemu, compiler, version, interfaceOf(major, minor));
  }

  /** QEMU 9.0 refuses interface 1, and 9.1 passes instruction bytes in another way. */
  static int interfaceOf(int major, int minor) {
    if (major < 9) {
      return 1;
    }
    return major == 9 && minor == 0 ? 2 : 3;
  }

  /** First executable of that name in a search path, as a shell looks it up. */
  static Optional<Path> locate(String name, String searchPath) {
    for (String folder : searchPath.split(":", -1)) {
      Path candidate = Path.of(folder, name);
      if (!folder.isEmpty() && Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return Optional.of(candidate.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  private static Path require(String name, String searchPath) {
    return locate(name, searchPath)
        .orElseThrow(() ->
            new TraceException("capture needs " + name + ", which is not installed" + REMEDY));
  }

  /** What a command prints; nothing when it cannot be run. */
  static String output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (InputStream in = process.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return "";
    }
  }
}
