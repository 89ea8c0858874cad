package org.legosim.timing.trace;

/**
 * One mapping of an address space, as exec left it.
 *
 * @param start first byte, page-aligned
 * @param end one past the last byte
 * @param protection four characters as in /proc/PID/maps: {@code r-xp}
 * @param fileOffset bytes
 * @param name a path, or {@code [anon]}, {@code [stack]}, {@code [heap]}
 */
public record Mapping(long start, long end, String protection, long fileOffset, String name) {
  public boolean isAnonymous() {
    return name.startsWith("[");
  }
}
