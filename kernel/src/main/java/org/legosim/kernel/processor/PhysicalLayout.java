package org.legosim.kernel.processor;

import org.legosim.timing.engine.HotPath;

/**
 * Where things lie in a processor node's physical memory, so that the kernel's own accesses go
 * through the caches: first the pcache's data, then its records, then page-table pages in the order
 * in which they are first walked.
 *
 * <p>Sizes of the records are the real kernel's: 128 bytes of metadata and 64 of reverse mapping per
 * line, 192 per set. Source: LegoOS Documentation/configs/1P-1M-Processor-Output.
 */
@HotPath
final class PhysicalLayout {
  private static final long META_BYTES = 128;
  private static final long RMAP_BYTES = 64;
  private static final long SET_BYTES = 192;
  private static final long PAGE_BYTES = 4096;
  private static final int ENTRY_BYTES = 8;
  private static final int BITS_PER_LEVEL = 9;
  private static final long ENTRY_MASK = (1 << BITS_PER_LEVEL) - 1;

  /** Page-table pages for which there is room: 2 MiB of address space each at the lowest level. */
  private static final long TABLE_PAGES = 1 << 18;

  private final long metaBase;
  private final long rmapBase;
  private final long setBase;
  private final long tableBase;
  private final int sets;
  private final TableNumbers tables = new TableNumbers();

  PhysicalLayout(long frames, int pageShift, int sets) {
    this.metaBase = frames << pageShift;
    this.rmapBase = metaBase + frames * META_BYTES;
    this.setBase = rmapBase + frames * RMAP_BYTES;
    long end = setBase + sets * SET_BYTES;
    this.tableBase = (end + PAGE_BYTES - 1) & -PAGE_BYTES;
    this.sets = sets;
  }

  /** All addresses are below this. */
  long bytes() {
    return tableBase + TABLE_PAGES * PAGE_BYTES;
  }

  long metaAddress(long frame) {
    return metaBase + frame * META_BYTES;
  }

  long rmapAddress(long frame) {
    return rmapBase + frame * RMAP_BYTES;
  }

  long setAddress(long page) {
    return setBase + page % sets * SET_BYTES;
  }

  /** Address of the entry that translates {@code page} at a level; level 0 holds pages. */
  long entryAddress(int space, int level, long page) {
    int table = tables.numberOf(space, level, page >>> (BITS_PER_LEVEL * (level + 1)));
    // beyond the room, tables share pages: only their places in the caches are affected
    long base = tableBase + table % TABLE_PAGES * PAGE_BYTES;
    return base + (page >>> (BITS_PER_LEVEL * level) & ENTRY_MASK) * ENTRY_BYTES;
  }
}
