package org.legosim.hardware.tlb;

/** Where a page table's entries lie in physical memory. */
@FunctionalInterface
public interface PageTableLayout {
  /**
   * Physical address of the entry that translates {@code page} at a level.
   *
   * @param level 0 for the page's own entry, 3 for the root's
   */
  long entryAddress(int level, long page);
}
