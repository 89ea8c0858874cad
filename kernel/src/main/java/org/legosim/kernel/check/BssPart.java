package org.legosim.kernel.check;

import org.legosim.kernel.processor.AccessAudit;

/**
 * The bss part of a page that a program's data ends in. A page that holds the file's bytes there is right for
 * whoever reads the data before, and wrong for the first load from the bss that no store came before.
 */
final class BssPart {
  private static final int PAGE_BYTES = 4096;

  private final int dataBytes;
  /** The page when its bss part was not cleared, and when it was. */
  private final long uncleared;

  private final long cleared;
  private final long[] stored = new long[PAGE_BYTES / Long.BYTES / Long.SIZE];
  private boolean isUncleared;

  BssPart(int dataBytes, long uncleared, long cleared) {
    this.dataBytes = dataBytes;
    this.uncleared = uncleared;
    this.cleared = cleared;
  }

  BssPart copy() {
    BssPart copy = new BssPart(dataBytes, uncleared, cleared);
    System.arraycopy(stored, 0, copy.stored, 0, stored.length);
    copy.isUncleared = isUncleared;
    return copy;
  }

  /** Looks at an access that finds {@code found}; false when it reads what was never cleared. */
  boolean accepts(ReferenceMemory.Cell cell, AccessAudit.Access access, long found) {
    if (found == uncleared && cell.content == cleared) {
      isUncleared = true;
      cell.content = uncleared;
    }
    int offset = (int) access.address & (PAGE_BYTES - 1);
    if (!isUncleared || offset < dataBytes) {
      return true;
    }
    int word = offset / Long.BYTES;
    long bit = 1L << (word % Long.SIZE);
    if (access.isStore) {
      stored[word / Long.SIZE] |= bit;
      return true;
    }
    return (stored[word / Long.SIZE] & bit) != 0;
  }
}
