package org.legosim.kernel.files;

import java.util.List;

/**
 * What the kernel says in the files that it makes up, as far as its length follows from the format and from what is
 * simulated: the program goes on with what the captured machine said, so nothing but the length is ever used.
 *
 * <p>Source: LegoOS {@code managers/processor/fs/proc}, a port; the lines of meminfo and their widths are Linux 4.8's
 * without huge pages and swap areas, as LegoOS's own were not seen. What depends on texts or counters that are not
 * simulated (stat, cpuinfo, cmdline, version, self/status, processes) has no length here.
 */
public final class MadeFiles {
  /** The length is not known. */
  public static final long UNKNOWN = -1;

  private static final int NAME_BYTES = 16;
  private static final int NUMBER_BYTES = 8;
  private static final String KIB = " kB\n";
  /** The kernel's room for vmalloc on x86-64. */
  private static final long VMALLOC_KIB = (1L << 35) - 1;

  private static final List<String> MEMORY = List.of(
      "MemTotal",
      "MemFree",
      "MemAvailable",
      "Buffers",
      "Cached",
      "SwapCached",
      "Active",
      "Inactive",
      "Active(anon)",
      "Inactive(anon)",
      "Active(file)",
      "Inactive(file)",
      "Unevictable",
      "Mlocked",
      "SwapTotal",
      "SwapFree",
      "Dirty",
      "Writeback",
      "AnonPages",
      "Mapped",
      "Shmem",
      "Slab",
      "SReclaimable",
      "SUnreclaim",
      "KernelStack",
      "PageTables",
      "NFS_Unstable",
      "Bounce",
      "WritebackTmp",
      "CommitLimit",
      "Committed_AS",
      "VmallocTotal",
      "VmallocUsed",
      "VmallocChunk",
      "DirectMap4k",
      "DirectMap2M",
      "DirectMap1G");

  private MadeFiles() {}

  /**
   * Bytes of a file.
   *
   * @param online the CPUs that programs may use, as the kernel lists them, with the line's end
   * @return {@link #UNKNOWN} when nothing here tells
   */
  public static long bytes(String path, String online) {
    return switch (path) {
      case LocalFiles.ONLINE -> online.length();
      case "/proc/meminfo" -> memory().length();
      case "/proc/sys/vm/overcommit_memory", "/proc/sys/vm/overcommit_kbytes" -> "0\n".length();
      case "/proc/sys/vm/overcommit_ratio" -> "50\n".length();
      default -> UNKNOWN;
    };
  }

  /** meminfo; its numbers are below 100 GB, so each has the width that it is given. */
  static String memory() {
    StringBuilder out = new StringBuilder();
    for (String name : MEMORY) {
      String number = name.equals("VmallocTotal") ? Long.toString(VMALLOC_KIB) : "0";
      out.append(name).append(':').append(" ".repeat(NAME_BYTES - name.length() - 1));
      out.append(" ".repeat(Math.max(0, NUMBER_BYTES - number.length())))
          .append(number)
          .append(KIB);
    }
    return out.toString();
  }

  /** Bytes that a read of {@code count} gets at {@code offset} of a file of that length. */
  public static long readBytes(long bytes, long offset, long count) {
    return Math.max(0, Math.min(bytes - offset, count));
  }
}
