package org.legosim.trace.pack;

/** What {@link GatePass} asks and tells about words that may be locks, for the order in which locks are replayed by meaning. */
interface LockWords {
  /** For orders in which every atomic access and every futex has its gates. */
  LockWords NONE = new LockWords() {
    @Override
    public boolean isWanted() {
      return false;
    }

    @Override
    public boolean orders(SharedWords.Place place) {
      return true;
    }

    @Override
    public boolean ordersWaits(int thread, SharedWords.Place place) {
      return true;
    }

    @Override
    public void atomic(int thread, Stamp stamp, SharedWords.Place place) {
      // not wanted
    }

    @Override
    public void store(int thread, long record, SharedWords.Place place) {
      // not wanted
    }

    @Override
    public void futexEntered(int thread, Stamp stamp, SharedWords.Place place) {
      // not wanted
    }

    @Override
    public void other(int thread, Stamp stamp) {
      // not wanted
    }
  };

  /** False when nobody asks for meanings; nothing else is called then. */
  boolean isWanted();

  /** Whether atomic accesses there have gates. */
  boolean orders(SharedWords.Place place);

  /** Whether a thread's wait there has a gate on the wake that ended it. */
  boolean ordersWaits(int thread, SharedWords.Place place);

  /** An atomic access, whose gates have been given. */
  void atomic(int thread, Stamp stamp, SharedWords.Place place);

  /** A plain store to a word that the thread used atomically; told when the thread's next entry comes. */
  void store(int thread, long record, SharedWords.Place place);

  /** A futex call begins, whose gates have been given. */
  void futexEntered(int thread, Stamp stamp, SharedWords.Place place);

  /** Any other entry of a thread that is a record. */
  void other(int thread, Stamp stamp);
}
