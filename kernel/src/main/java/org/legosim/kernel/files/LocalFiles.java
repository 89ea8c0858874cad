package org.legosim.kernel.files;

import java.util.List;

/**
 * The files that the processor node's kernel answers for. What it does not know under {@code /proc},
 * {@code /sys} and {@code /dev} does not exist there.
 *
 * <p>Source: LegoOS {@code managers/processor/fs}.
 */
public final class LocalFiles {
  private static final List<String> PROC = List.of(
      "/proc/processes",
      "/proc/stat",
      "/proc/meminfo",
      "/proc/cpuinfo",
      "/proc/cmdline",
      "/proc/version",
      "/proc/self/status",
      "/proc/sys/vm/overcommit_kbytes",
      "/proc/sys/vm/overcommit_memory",
      "/proc/sys/vm/overcommit_ratio");
  private static final List<String> DEVICES = List.of("/dev/null", "/dev/random");
  private static final List<String> ROOTS = List.of("/proc/", "/sys/", "/dev/");

  /** The CPUs that programs may use, as the kernel lists them. */
  public static final String ONLINE = "/sys/devices/system/cpu/online";

  private LocalFiles() {}

  /** True when opening {@code path} asks no other node. */
  public static boolean isLocal(String path) {
    return ROOTS.stream().anyMatch(path::startsWith);
  }

  /** True when a local path exists. */
  public static boolean exists(String path) {
    return isSequence(path) || DEVICES.contains(path);
  }

  private static boolean isSequence(String path) {
    return PROC.contains(path) || path.equals(ONLINE);
  }

  /** What opening {@code path} gives. */
  public static OpenFile open(String path) {
    FileKind kind = !isLocal(path)
        ? FileKind.REMOTE
        : DEVICES.contains(path) ? FileKind.DEVICE : FileKind.SEQUENCE;
    return OpenFile.of(kind, path);
  }
}
