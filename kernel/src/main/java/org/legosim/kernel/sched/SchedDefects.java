package org.legosim.kernel.sched;

import java.util.List;

/**
 * Defects of the real kernel, each one decision in one place.
 *
 * @param keepsInitMask F-8: the first process keeps the affinity {cpu 0} that it inherits from CPU 0's
 *     idle thread, and so do all its children
 */
public record SchedDefects(boolean keepsInitMask) {
  /** The corrected kernel. */
  public static final SchedDefects NONE = new SchedDefects(false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static SchedDefects of(List<String> faults) {
    return new SchedDefects(faults.contains("F-8"));
  }
}
