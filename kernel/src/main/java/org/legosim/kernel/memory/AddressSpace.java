package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.PageContent;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.trace.Mapping;

/**
 * A process as its home memory node knows it: areas, software page table, semaphore. The methods
 * change the state and count what they did; {@link HandlerPath} turns the counts into time.
 */
final class AddressSpace {
  /** First address behind user space. */
  static final long TASK_END = 0x7ffffffff000L;

  /** Room below the top for the stack; the search for free addresses begins under it. */
  private static final long STACK_ROOM_BYTES = 128L << 20;

  static final long MAPPING_BOTTOM = PageTable.PAGE_BYTES;
  /** First address behind the mappings, unless the layout is randomised. */
  static final long MAPPING_TOP = TASK_END - STACK_ROOM_BYTES;

  private static final long STACK_LIMIT_BYTES = 8L << 20;

  final Areas areas;
  final PageTable pageTable = new PageTable();
  final RwSemaphore semaphore;
  private final PhysicalPages physical;
  /** At the home node of an address space that several nodes may own: who owns what. */
  @Nullable
  Regions regions;

  private long breakStart;
  private long breakEnd;
  private long mapTop = MAPPING_TOP;

  /** Where mappings go when the node is aware of the cache; null for one search below the top. */
  private @Nullable VirtualRanges ranges;

  /** This node chooses addresses; otherwise it is told the captured ones. */
  private boolean chooses;

  /** Pages given, taken or looked at by the operation at hand. */
  long pagesAllocated;

  long pagesFreed;
  long entriesChanged;

  /** Pages taken away that another process keeps. */
  long sharedTaken;

  /** Where the kernel keeps the areas of its program, as the loader made them. */
  final List<Long> loaded = new ArrayList<>();

  private final BssTails tails;
  private final boolean zapsOnePageMore;

  AddressSpace(String name, PhysicalPages physical) {
    this(name, physical, MemoryDefects.NONE);
  }

  AddressSpace(String name, PhysicalPages physical, MemoryDefects defects) {
    this.areas = new Areas(defects);
    this.tails = new BssTails(defects);
    this.zapsOnePageMore = defects.zapsOnePageMore();
    this.semaphore = new RwSemaphore(name + " mmap_sem");
    this.physical = physical;
  }

  void load(ImagePlacement image) {
    unmap(0, TASK_END);
    forgetBreak();
    noteTails(image.mappings());
    if (!image.isCaptured()) {
      chooseFrom(image.mapTop(), image.search());
    }
    for (Mapping mapping : image.mappings()) {
      areas.remove(mapping.start(), mapping.end());
      areas.insert(MappedImage.areaOf(mapping));
    }
  }

  /** Notes where the data of the program's files ends within a page; bytes that the loader clears. */
  long noteTails(List<Mapping> mappings) {
    return tails.note(mappings);
  }

  /**
   * From now on mappings go where this node finds room below {@code top}.
   *
   * @param search see {@link ImagePlacement#search}
   */
  void chooseFrom(long top, long[] search) {
    chooses = true;
    mapTop = top;
    ranges = search.length == 0 ? null : VirtualRanges.of(search);
  }

  /** How the search goes on in an address space that takes over from this one. */
  long[] search() {
    return ranges == null ? new long[0] : ranges.state();
  }

  void beginOperation() {
    pagesAllocated = 0;
    pagesFreed = 0;
    entriesChanged = 0;
    sharedTaken = 0;
  }

  /** The area of an address; a stack grows towards it if it may. */
  @HotPath
  @Nullable
  Area find(long address) {
    Area area = areas.find(address);
    return area != null ? area : growStack(address);
  }

  private @Nullable Area growStack(long address) {
    int index = areas.firstEndingAfter(address);
    if (index == areas.count()) {
      return null;
    }
    Area above = areas.get(index);
    long start = address & -PageTable.PAGE_BYTES;
    if (!above.growsDown() || above.end() - start > STACK_LIMIT_BYTES) {
      return null;
    }
    // A guard page stays free between a stack and whatever lies under it.
    if (index > 0 && areas.get(index - 1).end() > start - PageTable.PAGE_BYTES) {
      return null;
    }
    if (regions != null) {
      if (regions.nodeOf(start) != regions.home) {
        return null;
      }
      regions.claim(start, above.end(), regions.home);
    }
    Area grown = above.at(start, above.end());
    areas.resize(above, grown);
    return grown;
  }

  /** Makes the page of {@code address} present; false when the node's memory is full. */
  @HotPath
  boolean populate(long address) {
    if (pageTable.lookup(address) != PageTable.NONE) {
      return true;
    }
    if (!pageTable.hasLeaf(address)) {
      // A page-table page is a page of the node, too.
      pagesAllocated++;
    }
    int page = physical.allocate();
    if (page == PhysicalPages.NONE) {
      return false;
    }
    physical.write(page, initialContent(address));
    pageTable.map(address, page);
    pagesAllocated++;
    return true;
  }

  /** What a page holds before anyone wrote it: zeroes, or its part of a file. */
  private long initialContent(long address) {
    Area area = areas.find(address);
    if (area == null || area.isAnonymous()) {
      return PageContent.ZEROES;
    }
    long page = address & -PageTable.PAGE_BYTES;
    return PageContent.ofFile(
        area.file(), area.offsetBytes() + page - area.start(), tails.offsetIn(page));
  }

  /** What the present page of {@code address} holds. */
  long content(long address) {
    return physical.content(pageTable.lookup(address));
  }

  /** Writes the present page of {@code address}, which other processes may map as well. */
  void write(long address, long content) {
    physical.write(pageTable.lookup(address), content);
  }

  /**
   * Gives this address space a page of its own in place of one that it shares; false when the node's
   * memory is full.
   */
  boolean unshare(long address) {
    int shared = pageTable.lookup(address);
    int page = physical.allocate();
    if (page == PhysicalPages.NONE) {
      return false;
    }
    physical.drop(shared);
    pageTable.map(address, page);
    pagesAllocated++;
    return true;
  }

  @HotPath
  boolean isPresent(long address) {
    return pageTable.lookup(address) != PageTable.NONE;
  }

  /** True when another process maps the page of {@code address} as well. */
  boolean isShared(long address) {
    int page = pageTable.lookup(address);
    return page != PageTable.NONE && physical.isShared(page);
  }

  /** Where a new mapping of {@code bytes} goes: the highest gap below the stack; 0 when none fits. */
  long place(long bytes) {
    return ranges == null
        ? areas.highestGap(bytes, MAPPING_BOTTOM, mapTop)
        : ranges.place(areas, bytes, MAPPING_BOTTOM, mapTop);
  }

  /** First address behind the room that the search for free addresses looks through. */
  long mapTop() {
    return mapTop;
  }

  /** True when a program may have its mapping where it asked for it without replacing another. */
  boolean isFree(long start, long bytes) {
    return start >= MAPPING_BOTTOM
        && start <= TASK_END - bytes
        && areas.covered(start, start + bytes) == 0
        && (regions == null || regions.remote.covered(start, start + bytes) == 0);
  }

  void map(Area area) {
    unmap(area.start(), area.end());
    areas.insert(area);
  }

  /** Removes areas and pages of [start, end). */
  void unmap(long start, long end) {
    areas.remove(start, end);
    // LEGOOS-BUG: F-15, the page behind goes too, though its area stays.
    dropPages(start, zapsOnePageMore ? end + PageTable.PAGE_BYTES : end);
  }

  private void dropPages(long start, long end) {
    pageTable.visit(start, end, (address, page) -> {
      pageTable.unmap(address);
      physical.drop(page);
      pagesFreed++;
    });
  }

  /** True when the heap cannot grow to {@code address}: something else was put there by this node. */
  boolean blocksBreak(long address) {
    long oldEnd = pageUp(breakEnd);
    long newEnd = pageUp(address);
    return chooses && breakStart != 0 && newEnd > oldEnd && !isFree(oldEnd, newEnd - oldEnd);
  }

  /** Moves the program break; grown pages are populated at once. False when there is no room. */
  boolean moveBreak(long address) {
    if (blocksBreak(address)) {
      return false;
    }
    long oldEnd = noteBreak(address);
    long newEnd = pageUp(breakEnd);
    if (newEnd < oldEnd) {
      unmap(newEnd, oldEnd);
      return true;
    }
    if (newEnd > oldEnd) {
      map(Area.anonymous(oldEnd, newEnd, 3));
    }
    for (long page = oldEnd; page < newEnd; page += PageTable.PAGE_BYTES) {
      if (!populate(page)) {
        return false;
      }
    }
    return true;
  }

  /** Notes where the heap ends now; the end before, at a page. The first one only says where it begins. */
  long noteBreak(long address) {
    if (breakStart == 0) {
      breakStart = address;
      breakEnd = address;
    }
    long oldEnd = pageUp(breakEnd);
    if (address >= breakStart) {
      breakEnd = address;
    }
    return oldEnd;
  }

  void forgetBreak() {
    breakStart = 0;
    breakEnd = 0;
  }

  long breakEnd() {
    return breakEnd;
  }

  /**
   * Moves, shrinks or grows the mapping at {@code from}.
   *
   * @param to where it goes: the captured result, or {@code from}
   * @return false when nothing is mapped at {@code from}
   */
  boolean remap(long from, long oldBytes, long to, long newBytes) {
    Area area = areas.find(from);
    if (area == null) {
      return false;
    }
    if (newBytes < oldBytes) {
      unmap(from + newBytes, from + oldBytes);
    }
    if (to == from) {
      if (newBytes > oldBytes) {
        map(grown(area, from, oldBytes, to, newBytes).part(from + oldBytes, from + newBytes));
      }
      return true;
    }
    unmap(to, to + newBytes);
    Area moved = grown(area, from, oldBytes, to, newBytes);
    areas.remove(from, from + oldBytes);
    areas.insert(moved);
    movePages(from, Math.min(oldBytes, newBytes), to);
    return true;
  }

  /** The area at its new place and size; a file's offset follows the first byte that moves. */
  static Area grown(Area area, long from, long oldBytes, long to, long newBytes) {
    long start = Math.max(area.start(), from);
    return area.part(start, Math.min(area.end(), from + oldBytes)).at(to, to + newBytes);
  }

  void movePages(long from, long bytes, long to) {
    pageTable.visit(from, from + bytes, (address, page) -> {
      pageTable.unmap(address);
      pageTable.map(address - from + to, page);
      entriesChanged++;
    });
  }

  /** Takes up to {@code max} pages of [start, end) away, lowest address first; as {@link Request#pages}. */
  long[] takePages(long start, long end, int max) {
    long[] taken = new long[max * Request.PAGE_LONGS];
    int[] count = {0};
    pageTable.visit(start, end, (address, page) -> {
      if (count[0] < taken.length) {
        taken[count[0]++] = address;
        taken[count[0]++] = physical.content(page);
        pageTable.unmap(address);
        sharedTaken += physical.isShared(page) ? 1 : 0;
        physical.drop(page);
        entriesChanged++;
      }
    });
    return Arrays.copyOf(taken, count[0]);
  }

  /** Copies areas and page table of {@code parent}; the pages themselves are shared. */
  void cloneFrom(AddressSpace parent) {
    for (int index = 0; index < parent.areas.count(); index++) {
      areas.insert(parent.areas.get(index));
    }
    tails.inherit(parent.tails);
    breakStart = parent.breakStart;
    breakEnd = parent.breakEnd;
    chooses = parent.chooses;
    mapTop = parent.mapTop;
    ranges = parent.ranges == null ? null : VirtualRanges.of(parent.ranges.state());
    parent.pageTable.visit(0, TASK_END, (address, page) -> {
      pageTable.map(address, page);
      physical.share(page);
      entriesChanged++;
    });
  }

  /** Changes the protection of the mapped parts of [start, end). */
  void protect(long start, long end, int protection) {
    long at = start;
    int index = areas.firstEndingAfter(at);
    while (at < end && index < areas.count() && areas.get(index).start() < end) {
      Area area = areas.get(index);
      long from = Math.max(area.start(), at);
      at = Math.min(area.end(), end);
      Area changed = area.part(from, at).withProtection(protection);
      areas.remove(from, at);
      areas.insert(changed);
      // the changed part may have become one area with its neighbours, so the search begins anew
      index = areas.firstEndingAfter(at);
    }
  }

  static long pageUp(long bytes) {
    return (bytes + PageTable.PAGE_BYTES - 1) & -PageTable.PAGE_BYTES;
  }
}
