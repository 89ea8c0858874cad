package org.legosim.timing.trace;

import java.util.List;
import java.util.Set;

/**
 * A trace as the models see it: processes, threads, their records and the gates between them. Opening
 * it reads an index; records are read while they are replayed.
 */
public interface TraceImage extends AutoCloseable {
  /** What a trace may carry; a model that needs more says so in the report. */
  enum Feature {
    /** Sites with full program counters. */
    SITES,
    /** Address registers and defined register of each site. */
    REGISTER_DEPENDENCES,
    /** Instruction fetch records. */
    FETCHES,
    /** Initial mappings as captured, not made up from touched pages. */
    MAPPINGS,
    /** System calls with arguments and results. */
    SYSCALLS,
    /** Retired instructions as captured, not assumed to be one per access. */
    INSTRUCTION_COUNTS
  }

  /** SHA-256 over the decoded records, in lower-case hexadecimal. */
  String digest();

  /** Name for reports: the file's name without its folder; untrusted text. */
  String name();

  Set<Feature> features();

  List<ProcessImage> processes();

  /** In order of first appearance; the position is the thread's index. */
  List<ThreadImage> threads();

  /** A fresh source at the thread's first record. */
  AccessSource open(int threadIndex);

  /** A fresh cursor over the thread's gates. */
  GateCursor gates(int threadIndex, ReplayOrder order);

  /**
   * A fresh cursor over what the thread's records do to locks. Only {@link ReplayOrder#SEMANTIC} has any; a trace without atomic
   * accesses has none.
   */
  default MeaningCursor meanings(int threadIndex, ReplayOrder order) {
    return MeaningCursor.NONE;
  }

  /** Distinct 4 KiB pages touched by data accesses: the footprint that percentages refer to. */
  long footprintPages();

  @Override
  void close();
}
