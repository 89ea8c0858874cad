package org.legosim.kernel.memory;

/**
 * A range of user addresses with one meaning, page-aligned; {@code end} is the first byte behind it.
 *
 * @param protection PROT_ bits
 * @param file path of the mapped file, or empty for anonymous memory
 * @param offsetBytes of {@code start} in the file; 0 for anonymous memory, so that neighbours merge
 */
record Area(
    long start,
    long end,
    int protection,
    boolean isShared,
    boolean growsDown,
    String file,
    long offsetBytes) {

  static final int PROT_WRITE = 2;

  static Area anonymous(long start, long end, int protection) {
    return new Area(start, end, protection, false, false, "", 0);
  }

  boolean isAnonymous() {
    return file.isEmpty();
  }

  boolean contains(long address) {
    return start <= address && address < end;
  }

  /** The part of this area within [from, to). */
  Area part(long from, long to) {
    return new Area(
        from,
        to,
        protection,
        isShared,
        growsDown,
        file,
        isAnonymous() ? 0 : offsetBytes + from - start);
  }

  /** This area at another place; a file's bytes stay at their distance from the start. */
  Area at(long newStart, long newEnd) {
    return new Area(newStart, newEnd, protection, isShared, growsDown, file, offsetBytes);
  }

  Area withProtection(int newProtection) {
    return new Area(start, end, newProtection, isShared, growsDown, file, offsetBytes);
  }

  /** True when {@code next}, which begins where this ends, can be one area with it. */
  boolean mergesWith(Area next) {
    return mergesWith(next, false);
  }

  /** @param atAnyOffset two parts of a file need not follow one another */
  boolean mergesWith(Area next, boolean atAnyOffset) {
    return end == next.start
        && protection == next.protection
        && isShared == next.isShared
        && !growsDown
        && !next.growsDown
        && file.equals(next.file)
        && (isAnonymous() || atAnyOffset || offsetBytes + end - start == next.offsetBytes);
  }
}
