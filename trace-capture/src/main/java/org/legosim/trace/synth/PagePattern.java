package org.legosim.trace.synth;

/** One thread's sequence of pages. */
interface PagePattern {
  /** The next page, in [0, pages). */
  long next();

  /** Phase that the next page belongs to; a change is marked in the trace. */
  default int phase() {
    return 0;
  }
}
