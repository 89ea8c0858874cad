package org.legosim.timing.trace;

/**
 * One thread's records in its own order, pulled in batches. An implementation allocates nothing per
 * access and holds a bounded piece of the trace, whatever the trace's length.
 *
 * <p>Not safe for use by several threads.
 */
public interface AccessSource extends AutoCloseable {
  /** The thread has no further record. */
  int END = 0;
  /** The batch holds {@link AccessBatch#count} accesses, at least one. */
  int ACCESSES = 1;
  /** The batch holds one event. */
  int EVENT = 2;

  /**
   * Fills {@code batch} with the next accesses up to an event, a block's end or the batch's capacity,
   * or with the next event.
   *
   * @return {@link #END}, {@link #ACCESSES} or {@link #EVENT}
   * @throws org.legosim.timing.TraceException when the trace is damaged at this place
   */
  int next(AccessBatch batch);

  @Override
  void close();
}
