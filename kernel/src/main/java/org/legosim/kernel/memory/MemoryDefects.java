package org.legosim.kernel.memory;

import java.util.List;

/**
 * Defects of the real memory node that this one reproduces, each one decision in one place.
 *
 * @param overwritesShared F-20: a flush overwrites a page that is shared since a fork, for both processes
 * @param leavesAreaUncleared F-10: the loader's stack area comes from kmalloc and is not zeroed
 * @param leavesBssTail F-11: what follows the data in its last page of the file is not zeroed
 * @param mergesAnyOffset F-13: neighbouring areas of one file merge wherever in the file they begin
 * @param zapsOnePageMore F-15: what is unmapped takes the page behind it along
 * @param keepsReusedSpaces F-23: a fork whose process number is known finds the address space of the process that
 *     had it before, and is told that all went well
 * @param sizesNoMsyncReply F-24: the reply to msync gets no size
 * @param waitsForStorage F-28: a worker waits for the storage node itself, with its queue behind it
 */
public record MemoryDefects(
    boolean overwritesShared,
    boolean leavesAreaUncleared,
    boolean leavesBssTail,
    boolean mergesAnyOffset,
    boolean zapsOnePageMore,
    boolean keepsReusedSpaces,
    boolean sizesNoMsyncReply,
    boolean waitsForStorage) {
  /** The corrected memory node. */
  public static final MemoryDefects NONE =
      new MemoryDefects(false, false, false, false, false, false, false, false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static MemoryDefects of(List<String> faults) {
    return new MemoryDefects(
        faults.contains("F-20"),
        faults.contains("F-10"),
        faults.contains("F-11"),
        faults.contains("F-13"),
        faults.contains("F-15"),
        faults.contains("F-23"),
        faults.contains("F-24"),
        faults.contains("F-28"));
  }
}
