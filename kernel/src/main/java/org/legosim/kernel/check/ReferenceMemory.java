package org.legosim.kernel.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.PageContent;

/**
 * One address space as a machine without caches would keep it: for each page the number of its data.
 * Obvious rather than fast: mappings are a list in which later ones hide earlier ones, pages a sorted
 * map that fills as they are touched.
 *
 * <p>Pages are cells; two address spaces share a cell when what one writes the other must read.
 */
final class ReferenceMemory {
  private static final long PAGE_BYTES = 4096;
  private static final int PAGE_SHIFT = 12;
  private static final int LEAF_SHIFT = 9;
  private static final int LEAF_PAGES = 1 << LEAF_SHIFT;

  /** One page's data and who wrote it last. */
  static final class Cell {
    long content;
    /** Nothing is expected of it: a shared mapping, which the real kernel does not keep. */
    boolean isUnjudged;
    /** Its data is whatever is seen first: a thread wrote it while another forked. */
    boolean isOpen;

    @Nullable
    BssPart bss;

    int writerTid;
    long writtenPs;

    Cell copy() {
      Cell copy = new Cell();
      copy.content = content;
      copy.isUnjudged = isUnjudged;
      copy.isOpen = isOpen;
      copy.bss = bss == null ? null : bss.copy();
      copy.writerTid = writerTid;
      copy.writtenPs = writtenPs;
      return copy;
    }
  }

  /** A mapping; a null file is a hole that hides what was there before. */
  private record Range(
      long start,
      long end,
      boolean isHole,
      boolean isShared,
      String file,
      long offsetBytes,
      int dataBytes) {
    boolean covers(long address) {
      return start <= address && address < end;
    }

    Range at(long from, long to, long target) {
      long first = Math.max(from, start);
      long last = Math.min(to, end);
      return new Range(
          first - from + target,
          last - from + target,
          isHole,
          isShared,
          file,
          offsetBytes + first - start,
          last == end ? dataBytes : 0);
    }
  }

  private final TreeMap<Long, Cell[]> leaves = new TreeMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private long lastKey = -1;
  private Cell[] lastLeaf = new Cell[0];

  /** The page's cell; a page not seen before has the data that its mapping begins with. */
  Cell cell(long address) {
    long key = address >>> (PAGE_SHIFT + LEAF_SHIFT);
    if (key != lastKey) {
      lastLeaf = leaves.computeIfAbsent(key, unused -> new Cell[LEAF_PAGES]);
      lastKey = key;
    }
    int index = index(address);
    Cell cell = lastLeaf[index];
    if (cell == null) {
      cell = fresh(address);
      lastLeaf[index] = cell;
    }
    return cell;
  }

  private static int index(long address) {
    return (int) (address >>> PAGE_SHIFT) & (LEAF_PAGES - 1);
  }

  private Cell fresh(long address) {
    Cell cell = new Cell();
    for (int i = ranges.size() - 1; i >= 0; i--) {
      Range range = ranges.get(i);
      if (range.covers(address)) {
        cell.isUnjudged = range.isShared();
        if (!range.isHole() && !range.file().isEmpty()) {
          long page = address & -PAGE_BYTES;
          long offset = range.offsetBytes() + page - range.start();
          cell.content = PageContent.ofFile(range.file(), offset);
          if (range.dataBytes() > 0 && page == range.end() - PAGE_BYTES) {
            long whole = cell.content;
            cell.content = PageContent.ofFile(range.file(), offset, range.dataBytes());
            cell.bss = new BssPart(range.dataBytes(), whole, cell.content);
          }
        }
        break;
      }
    }
    return cell;
  }

  void map(long start, long end, boolean isShared, String file, long offsetBytes, int dataBytes) {
    add(new Range(start, end, false, isShared, file, offsetBytes, dataBytes));
  }

  void unmap(long start, long end) {
    if (start < end) {
      drop(start, end);
      add(new Range(start, end, true, false, "", 0, 0));
    }
  }

  private void add(Range range) {
    ranges.removeIf(old -> range.start() <= old.start() && old.end() <= range.end());
    ranges.add(range);
  }

  /** Forgets the pages of a range; those that {@code keeps} names stay. */
  void drop(long start, long end, KeptPages keeps) {
    long first = start >>> (PAGE_SHIFT + LEAF_SHIFT);
    long last = (end - 1) >>> (PAGE_SHIFT + LEAF_SHIFT);
    leaves.subMap(first, true, last, true).forEach((key, leaf) -> {
      long base = key << (PAGE_SHIFT + LEAF_SHIFT);
      for (int i = 0; i < LEAF_PAGES; i++) {
        long address = base + ((long) i << PAGE_SHIFT);
        if (leaf[i] != null && address >= start && address < end && !keeps.keeps(address)) {
          leaf[i] = null;
        }
      }
    });
  }

  private void drop(long start, long end) {
    drop(start, end, address -> false);
  }

  /** Whether a page stays as it is. */
  @FunctionalInterface
  interface KeptPages {
    boolean keeps(long address);
  }

  void move(long from, long oldBytes, long to, long newBytes) {
    long moved = Math.min(oldBytes, newBytes);
    List<Range> taken = new ArrayList<>();
    for (Range range : ranges) {
      if (range.start() < from + oldBytes && from < range.end()) {
        taken.add(range.at(from, from + oldBytes, to));
      }
    }
    TreeMap<Long, Cell> cells = new TreeMap<>();
    visit(from, from + moved, (address, cell) -> cells.put(address - from + to, cell));
    if (to != from) {
      unmap(from, from + oldBytes);
      unmap(to, to + newBytes);
      taken.forEach(this::add);
    }
    if (newBytes < oldBytes) {
      unmap(to + newBytes, to + oldBytes);
    } else if (newBytes > oldBytes) {
      Range last = topmost(to + oldBytes - PAGE_BYTES);
      unmap(to + oldBytes, to + newBytes);
      if (last != null && !last.isHole()) {
        add(new Range(
            to + oldBytes,
            to + newBytes,
            false,
            last.isShared(),
            last.file(),
            last.offsetBytes() + to + oldBytes - last.start(),
            0));
      }
    }
    if (to != from) {
      cells.forEach(this::put);
    }
  }

  private @Nullable Range topmost(long address) {
    for (int i = ranges.size() - 1; i >= 0; i--) {
      if (ranges.get(i).covers(address)) {
        return ranges.get(i);
      }
    }
    return null;
  }

  void put(long address, Cell cell) {
    cell(address);
    lastLeaf[index(address)] = cell;
  }

  boolean has(long address) {
    Cell[] leaf = leaves.get(address >>> (PAGE_SHIFT + LEAF_SHIFT));
    return leaf != null && leaf[index(address)] != null;
  }

  /** Receives the pages of a range that have a cell, lowest address first. */
  @FunctionalInterface
  interface Visitor {
    void page(long address, Cell cell);
  }

  void visit(long start, long end, Visitor visitor) {
    if (start >= end) {
      return;
    }
    long first = start >>> (PAGE_SHIFT + LEAF_SHIFT);
    long last = (end - 1) >>> (PAGE_SHIFT + LEAF_SHIFT);
    leaves.subMap(first, true, last, true).forEach((key, leaf) -> {
      long base = key << (PAGE_SHIFT + LEAF_SHIFT);
      for (int i = 0; i < LEAF_PAGES; i++) {
        long address = base + ((long) i << PAGE_SHIFT);
        if (leaf[i] != null && address >= start && address < end) {
          visitor.page(address, leaf[i]);
        }
      }
    });
  }

  /** The mappings of a forked child; its pages follow. */
  void inherit(ReferenceMemory parent) {
    ranges.addAll(parent.ranges);
  }

  void clear() {
    leaves.clear();
    ranges.clear();
    lastKey = -1;
    lastLeaf = new Cell[0];
    Arrays.fill(lastLeaf, null);
  }
}
