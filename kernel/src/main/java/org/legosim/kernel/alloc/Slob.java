package org.legosim.kernel.alloc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;

/**
 * The SLOB allocator for objects within a page: three lists of pages with room, by the object's size; the
 * first page and the first gap in it that fits is taken, and the next search starts at that page. A gap's
 * length and its successor are kept in its first two units, so those bytes of a freed object change; the
 * rest stays as its owner left it.
 *
 * <p>Source: LegoOS {@code mm/slob.c}.
 */
final class Slob {
  static final int UNIT_BYTES = 2;
  static final int PAGE_UNITS = KernelContents.PAGE_BYTES / UNIT_BYTES;
  private static final int SMALL_BYTES = 256;
  private static final int MEDIUM_BYTES = 1024;
  private static final int LISTS = 3;

  /** A page of small objects: its gaps by address. */
  private static final class Page {
    final int number;
    final List<Gap> gaps = new ArrayList<>();
    int freeUnits = PAGE_UNITS;

    @Nullable
    List<Page> list;

    Page(int number) {
      this.number = number;
    }
  }

  /** Free units of a page. */
  private record Gap(int start, int units) {
    int end() {
      return start + units;
    }
  }

  private final Buddy buddy;
  private final KernelContents contents;
  private final boolean zeroesPages;
  private final List<List<Page>> lists = new ArrayList<>();
  private @Nullable Page[] pages = new Page[0];

  Slob(Buddy buddy, KernelContents contents, boolean zeroesPages) {
    this.buddy = buddy;
    this.contents = contents;
    this.zeroesPages = zeroesPages;
    for (int list = 0; list < LISTS; list++) {
      lists.add(new ArrayList<>());
    }
  }

  private List<Page> listFor(int bytes) {
    return lists.get(bytes < SMALL_BYTES ? 0 : bytes < MEDIUM_BYTES ? 1 : 2);
  }

  private static int units(int bytes) {
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
  }

  /** Address of {@code bytes} bytes, a multiple of {@code align}. */
  long allocate(int bytes, int align) {
    List<Page> list = listFor(bytes);
    for (int index = 0; index < list.size(); index++) {
      Page page = list.get(index);
      if (page.freeUnits < units(bytes)) {
        continue;
      }
      int start = take(page, units(bytes), align / UNIT_BYTES);
      if (start >= 0) {
        rotate(list, index);
        return address(page, start);
      }
    }
    Page page = newPage();
    list.add(0, page);
    page.list = list;
    return address(page, take(page, units(bytes), align / UNIT_BYTES));
  }

  /** The next search starts at the page that had room, or behind it when it is full and gone now. */
  private static void rotate(List<Page> list, int index) {
    if (index < list.size()) {
      Collections.rotate(list, -index);
    }
  }

  private Page newPage() {
    int number = buddy.allocate(0, "small objects");
    if (zeroesPages) {
      contents.clear(contents.addressOf(number), KernelContents.PAGE_BYTES);
    }
    if (buddy.pages() > pages.length) {
      pages = Arrays.copyOf(pages, buddy.pages());
    }
    Page page = new Page(number);
    pages[number] = page;
    page.gaps.add(new Gap(0, PAGE_UNITS));
    mark(page);
    return page;
  }

  private long address(Page page, int unit) {
    return contents.addressOf(page.number) + (long) unit * UNIT_BYTES;
  }

  /** First unit of the first gap that fits; -1 when none does. */
  private int take(Page page, int units, int alignUnits) {
    for (int index = 0; index < page.gaps.size(); index++) {
      Gap gap = page.gaps.get(index);
      int start = (gap.start() + alignUnits - 1) & -alignUnits;
      if (gap.end() - start < units) {
        continue;
      }
      page.gaps.remove(index);
      if (start + units < gap.end()) {
        page.gaps.add(index, new Gap(start + units, gap.end() - start - units));
      }
      if (start > gap.start()) {
        page.gaps.add(index, new Gap(gap.start(), start - gap.start()));
      }
      page.freeUnits -= units;
      if (page.freeUnits == 0 && page.list != null) {
        page.list.remove(page);
        page.list = null;
      }
      mark(page);
      return start;
    }
    return -1;
  }

  /** True when the page holds small objects. */
  boolean holds(int page) {
    return page < pages.length && pages[page] != null;
  }

  void free(long address, int bytes) {
    int number = contents.pageOf(address);
    Page page = holds(number) ? pages[number] : null;
    if (page == null) {
      throw new ModelException(
          "0x" + Long.toHexString(address) + " is freed and is in no page of small objects");
    }
    int units = units(bytes);
    if (page.freeUnits + units == PAGE_UNITS) {
      if (page.list != null) {
        page.list.remove(page);
      }
      pages[number] = null;
      buddy.free(number, 0);
      return;
    }
    // the freed object's own header is written first, whether or not a gap before it takes it in
    int start = KernelContents.offsetOf(address) / UNIT_BYTES;
    unit(page, start, units > 1 ? units : -PAGE_UNITS);
    insert(page, new Gap(start, units));
    page.freeUnits += units;
    if (page.list == null) {
      page.list = listFor(bytes);
      page.list.add(0, page);
    }
    mark(page);
  }

  private static void insert(Page page, Gap freed) {
    List<Gap> gaps = page.gaps;
    int index = 0;
    while (index < gaps.size() && gaps.get(index).start() < freed.start()) {
      index++;
    }
    Gap joined = freed;
    if (index < gaps.size() && gaps.get(index).start() == freed.end()) {
      joined = new Gap(freed.start(), freed.units() + gaps.remove(index).units());
    }
    if (index > 0 && gaps.get(index - 1).end() == freed.start()) {
      index--;
      joined = new Gap(gaps.get(index).start(), gaps.remove(index).units() + joined.units());
    }
    gaps.add(index, joined);
  }

  /** Writes the gaps' headers into the memory, where the next owner finds them. */
  private void mark(Page page) {
    for (int index = 0; index < page.gaps.size(); index++) {
      Gap gap = page.gaps.get(index);
      int following = index + 1 < page.gaps.size() ? page.gaps.get(index + 1).start() : PAGE_UNITS;
      // a gap of one unit has room for the successor alone, which is negative then
      int first = gap.units() > 1 ? gap.units() : -following;
      unit(page, gap.start(), first);
      if (gap.units() > 1) {
        unit(page, gap.start() + 1, following);
      }
    }
  }

  private void unit(Page page, int unit, int value) {
    long at = address(page, unit);
    if (contents.readUnit(at) != (value & 0xffff)) {
      contents.writeUnit(at, value);
    }
  }
}
