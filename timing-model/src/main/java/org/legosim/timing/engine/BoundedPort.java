package org.legosim.timing.engine;

/**
 * A bounded queue of longs between two components. Refusal is the only back-pressure: {@link #offer}
 * returns false, and the sender is told through {@link CreditListener} when room appears.
 */
@HotPath
public final class BoundedPort {
  /** Told when a refused sender may offer again. */
  public interface CreditListener {
    void onCreditAvailable(BoundedPort port);
  }

  private final String name;
  private final long[] entries;
  private int first;
  private int count;
  private int countMax;
  private long offered;
  private long refused;
  private boolean senderWaits;
  private CreditListener listener = port -> {};

  public BoundedPort(String name, int capacity) {
    if (capacity <= 0) {
      throw new IllegalArgumentException(
          name + ": a port needs room for one entry, got " + capacity);
    }
    this.name = name;
    this.entries = new long[capacity];
  }

  public void onCredit(CreditListener creditListener) {
    this.listener = creditListener;
  }

  public boolean offer(long entry) {
    if (count == entries.length) {
      refused++;
      senderWaits = true;
      return false;
    }
    int at = first + count;
    entries[at >= entries.length ? at - entries.length : at] = entry;
    count++;
    offered++;
    countMax = Math.max(countMax, count);
    return true;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public int count() {
    return count;
  }

  /** Removes the oldest entry; the port must not be empty. */
  public long take() {
    if (count == 0) {
      throw new org.legosim.timing.ModelException("took from the empty port " + name);
    }
    long entry = entries[first];
    first = first + 1 == entries.length ? 0 : first + 1;
    count--;
    if (senderWaits) {
      senderWaits = false;
      listener.onCreditAvailable(this);
    }
    return entry;
  }

  public String name() {
    return name;
  }

  public int capacity() {
    return entries.length;
  }

  public int countMax() {
    return countMax;
  }

  public long offered() {
    return offered;
  }

  public long refused() {
    return refused;
  }
}
