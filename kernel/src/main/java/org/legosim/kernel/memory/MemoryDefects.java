package org.legosim.kernel.memory;

import java.util.List;

/**
 * Defects of the real memory node that this one reproduces, each one decision in one place.
 *
 * @param overwritesShared F-20: a flush overwrites a page that is shared since a fork, for both processes
 */
public record MemoryDefects(boolean overwritesShared) {
  /** The corrected memory node. */
  public static final MemoryDefects NONE = new MemoryDefects(false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static MemoryDefects of(List<String> faults) {
    return new MemoryDefects(faults.contains("F-20"));
  }
}
