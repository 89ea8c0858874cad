package org.legosim.kernel.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;

/**
 * A memory node's software page table of one process: it maps user pages to physical ones and is
 * never walked by hardware. Leaves of 512 entries, as on x86-64, exist where a page was touched.
 */
final class PageTable {
  static final long PAGE_BYTES = 4096;
  static final int PAGE_SHIFT = 12;
  static final int NONE = -1;

  private static final int LEAF_SHIFT = 9;
  private static final int LEAF_ENTRIES = 1 << LEAF_SHIFT;

  /** Present entries of a leaf, and how many. */
  private static final class Leaf {
    final int[] page = new int[LEAF_ENTRIES];
    int present;

    Leaf() {
      Arrays.fill(page, NONE);
    }
  }

  /** Receives the present entries of a range, lowest address first. */
  interface EntryVisitor {
    void entry(long address, int page);
  }

  private final LongMap<Leaf> leaves = new LongMap<>();
  private @Nullable Leaf lastLeaf;
  private long lastKey = -1;
  private long present;

  /** The physical page of an address, or {@link #NONE}. */
  @HotPath
  int lookup(long address) {
    Leaf leaf = leaf(address);
    return leaf == null ? NONE : leaf.page[index(address)];
  }

  @HotPath
  private @Nullable Leaf leaf(long address) {
    long key = address >>> (PAGE_SHIFT + LEAF_SHIFT);
    if (key != lastKey) {
      lastLeaf = leaves.get(key);
      lastKey = key;
    }
    return lastLeaf;
  }

  /** True when the page-table page that holds an address's entry exists. */
  @HotPath
  boolean hasLeaf(long address) {
    return leaf(address) != null;
  }

  @HotPath
  void map(long address, int page) {
    Leaf leaf = leaf(address);
    if (leaf == null) {
      leaf = new Leaf();
      leaves.put(lastKey, leaf);
      lastLeaf = leaf;
    }
    if (leaf.page[index(address)] == NONE) {
      leaf.present++;
      present++;
    }
    leaf.page[index(address)] = page;
  }

  /** Clears an entry and returns what it held. */
  int unmap(long address) {
    Leaf leaf = leaf(address);
    if (leaf == null || leaf.page[index(address)] == NONE) {
      return NONE;
    }
    int page = leaf.page[index(address)];
    leaf.page[index(address)] = NONE;
    present--;
    if (--leaf.present == 0) {
      leaves.remove(lastKey);
      lastLeaf = null;
    }
    return page;
  }

  /** Visits [start, end); the visitor may change entries of the table. */
  void visit(long start, long end, EntryVisitor visitor) {
    int shift = PAGE_SHIFT + LEAF_SHIFT;
    long firstKey = start >>> shift;
    long lastInRange = (end - 1) >>> shift;
    if (start >= end) {
      return;
    }
    if (lastInRange - firstKey < leaves.size()) {
      for (long key = firstKey; key <= lastInRange; key++) {
        visitLeaf(key, start, end, visitor);
      }
      return;
    }
    for (long key : leaves.sortedKeys()) {
      if (key >= firstKey && key <= lastInRange) {
        visitLeaf(key, start, end, visitor);
      }
    }
  }

  private void visitLeaf(long key, long start, long end, EntryVisitor visitor) {
    Leaf leaf = leaves.get(key);
    if (leaf == null) {
      return;
    }
    long base = key << (PAGE_SHIFT + LEAF_SHIFT);
    for (int index = 0; index < LEAF_ENTRIES; index++) {
      long address = base + ((long) index << PAGE_SHIFT);
      int page = leaf.page[index];
      if (page != NONE && address >= start && address < end) {
        visitor.entry(address, page);
      }
    }
  }

  long present() {
    return present;
  }

  /** Page-table pages of the lowest level. */
  int leafCount() {
    return leaves.size();
  }

  private static int index(long address) {
    return (int) (address >>> PAGE_SHIFT) & (LEAF_ENTRIES - 1);
  }
}
