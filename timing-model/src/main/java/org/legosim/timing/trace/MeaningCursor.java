package org.legosim.timing.trace;

/**
 * What a thread's records do to locks, in the order of its records: the semantic replay order asks the simulated lock instead of
 * the capture who has it. Recognised are words on which threads take turns by atomic accesses; their spinning, waits and wakes
 * are left out of the replay and made anew.
 */
public interface MeaningCursor {
  /** No further meaning. */
  long NEVER = Long.MAX_VALUE;

  /** A trace, or an order, in which no record has a meaning. */
  MeaningCursor NONE = new MeaningCursor() {
    @Override
    public long record() {
      return NEVER;
    }

    @Override
    public long endRecord() {
      return NEVER;
    }

    @Override
    public boolean acquires() {
      return false;
    }

    @Override
    public boolean spins() {
      return false;
    }

    @Override
    public int lock() {
      return 0;
    }

    @Override
    public void advance() {
      // there is nothing behind it
    }
  };

  /** The atomic access that first asks for the lock, or gives it up; {@link #NEVER} when there is none. */
  long record();

  /**
   * The last record that belongs to it: the access with which the thread got the lock in the capture, or the return of the
   * wake that followed giving it up. Records after {@link #record} up to this one are not replayed.
   */
  long endRecord();

  /** True when the lock is asked for, false when it is given up. */
  boolean acquires();

  /** True when threads ask for the lock again and again, false when they wait for it in the kernel. */
  boolean spins();

  /** Number of the lock, from 0, in the trace. */
  int lock();

  /** Moves to the next one. */
  void advance();
}
