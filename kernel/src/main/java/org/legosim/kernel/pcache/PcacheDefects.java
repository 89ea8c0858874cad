package org.legosim.kernel.pcache;

import java.util.List;
import org.legosim.kernel.processor.MemoryPaths;

/**
 * Defects of the real kernel that a pcache reproduces, each one decision in one place. Without them it
 * is the corrected kernel, for which every invariant holds.
 *
 * @param evictsUnderPageTableLocks F-26: a write fault that copies, and mremap to another set, keep their
 *     page-table locks while they evict; a page of theirs, or of another who does the same, hangs them
 * @param keepsMoveTarget F-18, F-21: mremap overwrites what is still mapped at its destination
 * @param keepsMapTarget mmap over a live range leaves the old pages mapped; without a number, so always
 *     on in a simulated system
 * @param unmapsOvertakeFlushes F-27: munmap, brk and mmap over a range do not wait for its flushes on their way
 * @param hitsEndedPages F-29: pages of a range that was unmapped, moved or replaced by exec can still be hit in the victim cache
 * @param execOvertakesFlushes F-30: exec does not wait for flushes of the old image, and more can follow while the new one is loaded
 * @param movesOvertakeFlushes F-33: the same of mremap, which leaves old content at the new address. Found by
 *     running the real code
 * @param forksOvertakeFlushes F-34: the same of fork, whose child gets old content. Found by running the real code
 * @param forksOntoItself F-31: vfork copies the parent's page table onto itself, and its first present page
 *     gets a second reverse mapping
 * @param missesOvertakeFlushes F-32: a page that was filled from the victim cache before its flush, and evicted
 *     and thrown out clean since, is asked of the memory node while that flush is still queued. Not known from
 *     the real system: this project's check found it
 * @param searchesPastTheEnd F-19: a search for a line to evict that finds none takes the head of the set's
 *     list for a line
 * @param parkedLineLeftBehind an allocation that times out leaves the line that it parked in the CPU's
 *     slot, for the next fill of any set
 */
public record PcacheDefects(
    boolean evictsUnderPageTableLocks,
    boolean keepsMoveTarget,
    boolean keepsMapTarget,
    boolean unmapsOvertakeFlushes,
    boolean hitsEndedPages,
    boolean execOvertakesFlushes,
    boolean movesOvertakeFlushes,
    boolean forksOvertakeFlushes,
    boolean forksOntoItself,
    boolean missesOvertakeFlushes,
    boolean searchesPastTheEnd,
    boolean parkedLineLeftBehind) {
  /** The corrected kernel. */
  public static final PcacheDefects NONE = new PcacheDefects(
      false, false, false, false, false, false, false, false, false, false, false, false);

  /** The kernel as it is. */
  public static final PcacheDefects ALL =
      new PcacheDefects(true, true, true, true, true, true, true, true, true, true, true, true);

  /**
   * Those that the numbers of {@code faults} switch on, and those of the real kernel that have no
   * number; numbers of other parts are ignored.
   */
  public static PcacheDefects of(List<String> faults) {
    return new PcacheDefects(
        faults.contains("F-26"),
        faults.contains("F-18") || faults.contains("F-21"),
        true,
        faults.contains("F-27"),
        faults.contains("F-29"),
        faults.contains("F-30"),
        faults.contains("F-33"),
        faults.contains("F-34"),
        faults.contains("F-31"),
        faults.contains("F-32"),
        faults.contains("F-19"),
        false);
  }

  /** Whether a call that changes a range so leaves its pages in flight behind. */
  boolean overtakesFlushes(MemoryPaths.Change change) {
    return switch (change) {
      case UNMAP -> unmapsOvertakeFlushes;
      case MOVE -> movesOvertakeFlushes;
      case FORK -> forksOvertakeFlushes;
      case EXEC -> execOvertakesFlushes;
    };
  }
}
