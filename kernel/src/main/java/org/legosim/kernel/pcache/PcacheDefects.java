package org.legosim.kernel.pcache;

import java.util.List;

/**
 * Defects of the real kernel that a pcache reproduces, each one decision in one place. Without them it
 * is the corrected kernel, for which every invariant holds.
 *
 * @param nestedPageTableLock F-26: an eviction under a held page-table lock takes that lock again
 * @param staleVictims F-27, F-29, F-30: munmap, mremap, fork and exec leave pages of the range, and
 *     flushes of them that are still queued, in the victim cache
 * @param parkedLineLeftBehind spec'd by reading: an allocation that times out leaves the line that it
 *     parked in the CPU's slot, for the next fill of any set
 */
public record PcacheDefects(
    boolean nestedPageTableLock, boolean staleVictims, boolean parkedLineLeftBehind) {
  /** The corrected kernel. */
  public static final PcacheDefects NONE = new PcacheDefects(false, false, false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static PcacheDefects of(List<String> faults) {
    return new PcacheDefects(
        faults.contains("F-26"),
        faults.contains("F-27") || faults.contains("F-29") || faults.contains("F-30"),
        false);
  }
}
