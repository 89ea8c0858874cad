package org.legosim.kernel.alloc;

import java.util.Arrays;
import org.legosim.timing.InvariantViolation;

/**
 * Who was given which page, kept apart from the allocators' own records: the check that no page has two
 * owners. A page stays its owner's until the owner gives back the block that it was given.
 */
final class PageOwners {
  private static final int NOBODY = -1;

  private final String memory;
  private int[] block = new int[0];
  private String[] owner = new String[0];
  private int[] order = new int[0];
  private long pages;

  PageOwners(String memory) {
    this.memory = memory;
  }

  void grow(int count) {
    int before = block.length;
    block = Arrays.copyOf(block, count);
    Arrays.fill(block, before, count, NOBODY);
    owner = Arrays.copyOf(owner, count);
    order = Arrays.copyOf(order, count);
  }

  /** @throws InvariantViolation when a page of the block is somebody's */
  void given(int page, int pageOrder, String to, long address) {
    for (int at = page; at < page + (1 << pageOrder); at++) {
      if (block[at] != NOBODY) {
        throw new InvariantViolation("double allocation: " + memory + " gives the "
            + (1 << pageOrder)
            + " pages at 0x"
            + Long.toHexString(address)
            + " to "
            + to
            + ", but page frame "
            + at
            + " belongs to "
            + owner[block[at]]
            + ", which was given "
            + (1 << order[block[at]])
            + " pages and still has them");
      }
      block[at] = page;
    }
    owner[page] = to;
    order[page] = pageOrder;
    pages += 1L << pageOrder;
  }

  /** The owner of the block that begins with {@code page} gives it back. */
  void returned(int page) {
    if (block[page] != page) {
      return;
    }
    for (int at = page; at < page + (1 << order[page]); at++) {
      block[at] = NOBODY;
    }
    pages -= 1L << order[page];
  }

  long pagesOwned() {
    return pages;
  }

  /** Whose the page is; empty when nobody's. */
  String ownerOf(int page) {
    return page >= block.length || block[page] == NOBODY ? "" : owner[block[page]];
  }
}
