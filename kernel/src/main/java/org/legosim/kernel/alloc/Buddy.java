package org.legosim.kernel.alloc;

import java.util.Arrays;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;

/**
 * The buddy allocator: blocks of 2^order pages, split from the smallest free one that is large enough and
 * joined with their buddy when freed. A free block's order is in {@code page->private} of its first page.
 * Lists are last in, first out.
 *
 * <p>The memory appears in blocks of the largest order as it is needed, lowest address first.
 *
 * <p>Source: LegoOS {@code mm/page_alloc.c}.
 */
final class Buddy {
  /** Orders are 0 to 10: blocks of up to 4 MiB. */
  static final int MAX_ORDER = 11;

  static final int NONE = -1;
  private static final int LARGEST = 1 << (MAX_ORDER - 1);

  private final String memory;
  private final int pagesMax;
  private final boolean keepsPrivate;
  private final PageOwners owners;
  private final KernelContents contents;
  private final int[] head = new int[MAX_ORDER];
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private boolean[] isFree = new boolean[0];
  private int[] pagePrivate = new int[0];
  private int pages;

  Buddy(String memory, int pagesMax, AllocDefects defects, KernelContents contents) {
    this.memory = memory;
    this.pagesMax = pagesMax;
    this.keepsPrivate = defects.keepsPrivate();
    this.contents = contents;
    this.owners = new PageOwners(memory);
    Arrays.fill(head, NONE);
  }

  /**
   * The first page of a block of 2^order pages.
   *
   * @throws InvariantViolation when the memory is used up, or when a page of the block has an owner
   */
  int allocate(int order, String owner) {
    int found = order;
    while (found < MAX_ORDER && head[found] == NONE) {
      found++;
    }
    if (found == MAX_ORDER) {
      grow();
      found = MAX_ORDER - 1;
    }
    int page = head[found];
    unlink(page, found);
    while (found > order) {
      found--;
      link(page + (1 << found), found);
    }
    owners.given(page, order, owner, contents.addressOf(page));
    return page;
  }

  void free(int page, int order) {
    owners.returned(page);
    int at = page;
    int joined = order;
    while (joined < MAX_ORDER - 1) {
      int buddy = at ^ (1 << joined);
      if (!isFree[buddy] || pagePrivate[buddy] != joined) {
        break;
      }
      unlink(buddy, joined);
      at &= buddy;
      joined++;
    }
    link(at, joined);
  }

  /** {@code page->private}, which is the allocated page's owner's to use. */
  int pagePrivate(int page) {
    return pagePrivate[page];
  }

  void setPagePrivate(int page, int value) {
    pagePrivate[page] = value;
  }

  private void link(int page, int order) {
    isFree[page] = true;
    pagePrivate[page] = order;
    next[page] = head[order];
    previous[page] = NONE;
    if (head[order] != NONE) {
      previous[head[order]] = page;
    }
    head[order] = page;
  }

  private void unlink(int page, int order) {
    isFree[page] = false;
    // LEGOOS-BUG: F-12, the field has two owners and the order stays for the second one to read.
    if (!keepsPrivate) {
      pagePrivate[page] = 0;
    }
    if (previous[page] == NONE) {
      head[order] = next[page];
    } else {
      next[previous[page]] = next[page];
    }
    if (next[page] != NONE) {
      previous[next[page]] = previous[page];
    }
  }

  private void grow() {
    int more = pages + LARGEST;
    if (more > pagesMax) {
      throw new InvariantViolation(memory + ": the kernel has used up its " + pagesMax + " pages, "
          + owners.pagesOwned() + " of them are in use");
    }
    next = Arrays.copyOf(next, more);
    previous = Arrays.copyOf(previous, more);
    isFree = Arrays.copyOf(isFree, more);
    pagePrivate = Arrays.copyOf(pagePrivate, more);
    owners.grow(more);
    int first = pages;
    pages = more;
    link(first, MAX_ORDER - 1);
  }

  /** Blocks in the list of an order, first to last; for tests. */
  int[] listed(int order) {
    int[] list = new int[pages];
    int count = 0;
    for (int page = head[order]; page != NONE; page = next[page]) {
      if (count == pages) {
        throw new ModelException(memory + ": the list of order " + order + " is a circle");
      }
      list[count++] = page;
    }
    return Arrays.copyOf(list, count);
  }

  int pages() {
    return pages;
  }

  PageOwners owners() {
    return owners;
  }
}
