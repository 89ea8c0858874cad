package org.legosim.timing.trace;

/**
 * The gates of one thread in the order of its records. A gate closes this thread's record {@code
 * waitRecord} until thread {@code onThread} has completed its record {@code onRecord}. A source is a
 * record of this thread that some other thread waits on: its completion is visible to others and
 * happens in global order; between two sources nobody can observe this thread's progress.
 */
public interface GateCursor {
  /** No further gate or source. */
  long NEVER = Long.MAX_VALUE;

  /** Record of this thread at which the current gate stands, or {@link #NEVER}. */
  long waitRecord();

  /** Index of the thread that the current gate waits for. */
  int onThread();

  /** Record of that thread which must be complete. */
  long onRecord();

  /** Moves to the next gate; several may stand at one record. */
  void advanceWait();

  /** Next record of this thread that another waits on, or {@link #NEVER}. */
  long sourceRecord();

  void advanceSource();
}
