package org.legosim.trace.pack;

import org.jspecify.annotations.Nullable;

/** Takes the gates that {@link GatePass} finds, for one replay order. */
interface GateTaker {
  /** For an order that is not wanted. */
  GateTaker NONE = new GateTaker() {
    @Override
    public void add(
        int thread, long waitRecord, int onThread, long onRecord, long @Nullable [] snapshot) {
      // not wanted
    }

    @Override
    public void complete(int thread, long record) {
      // nothing is known
    }

    @Override
    public long @Nullable [] snapshot(int thread, long @Nullable [] reuse) {
      return null;
    }

    @Override
    public long newestWait(int thread) {
      return 0;
    }

    @Override
    public void finish() {
      // nothing is pending
    }
  };

  /**
   * Adds a gate; of one thread in the order of its waiting records.
   *
   * @param snapshot what the thread waited for knew when it had completed the record, if somebody kept it
   */
  void add(int thread, long waitRecord, int onThread, long onRecord, long @Nullable [] snapshot);

  /** A thread has completed its records up to one, its gates included. */
  void complete(int thread, long record);

  /** What a thread knows, for {@link #add} later; null when nobody keeps it. */
  long @Nullable [] snapshot(int thread, long @Nullable [] reuse);

  /** The last waiting record of a thread that a gate was added for. */
  long newestWait(int thread);

  /** There are no more. */
  void finish();
}
