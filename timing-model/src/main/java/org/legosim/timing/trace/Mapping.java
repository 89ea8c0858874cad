package org.legosim.timing.trace;

/**
 * One mapping of an address space, as exec left it.
 *
 * @param start first byte, page-aligned
 * @param end one past the last byte; within a page for a file whose data ends there and is followed by bss
 * @param protection four characters as in /proc/PID/maps: {@code r-xp}
 * @param fileOffset bytes
 * @param name a path, or {@code [anon]}, {@code [stack]}, {@code [heap]}
 */
public record Mapping(long start, long end, String protection, long fileOffset, String name) {
  private static final long PAGE_MASK = 4095;

  /** True when the last page holds data of a program's file and, behind it, zeroes for its bss. */
  public boolean hasBss() {
    return !isAnonymous()
        && (end & PAGE_MASK) != 0
        && protection.length() > 1
        && protection.charAt(1) == 'w';
  }

  public boolean isAnonymous() {
    return name.startsWith("[");
  }
}
