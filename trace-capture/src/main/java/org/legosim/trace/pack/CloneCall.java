package org.legosim.trace.pack;

/**
 * A call that made a thread or process.
 *
 * @param thread index of the caller
 * @param enterRecord its record that entered the call
 * @param enterSequence the sequence number of that record
 * @param child pid or tid that the call returned, or {@link #NOT_BACK}
 * @param flags as in clone(2)
 * @param clearAddress where the child's end is announced, 0 when nowhere
 */
record CloneCall(
    int thread, long enterRecord, long enterSequence, int child, long flags, long clearAddress) {
  /** The trace ends before the call returned. */
  static final int NOT_BACK = 0;
}
