package org.legosim.kernel.files;

import java.util.Arrays;

/**
 * A pipe: a ring of pages. A write fills the last page if it fits there, and takes pages for the rest; a
 * writer that finds no page free sleeps until four are, or nobody can read any more.
 *
 * <p>The captured order decides which write feeds which read, so a read may come for bytes that the
 * simulated ring, fuller than the captured one, has not taken yet: they go past it.
 */
public final class Pipe {
  /** Pages of the ring. */
  public static final int PAGES = 1 << 8;

  /** Free pages at which a sleeping writer is woken. */
  public static final int WAKE_PAGES = 4;

  private static final int PAGE_BYTES = 4096;

  private final int[] filled = new int[PAGES];
  private int first;
  private int used;
  /** Bytes that were read before they were written. */
  private long ahead;

  private boolean isBypassed;

  private int readers;
  private int writers;
  private int[] sleepers = new int[0];
  private int sleeping;

  /** Both ends of a new pipe: the one to read from, the one to write to. */
  public static OpenFile[] create() {
    Pipe pipe = new Pipe();
    return new OpenFile[] {OpenFile.end(pipe, false), OpenFile.end(pipe, true)};
  }

  void opened(boolean writes) {
    if (writes) {
      writers++;
    } else {
      readers++;
    }
  }

  void closed(boolean writes) {
    if (writes) {
      writers--;
    } else {
      readers--;
    }
  }

  public boolean hasReaders() {
    return readers > 0;
  }

  public boolean hasWriters() {
    return writers > 0;
  }

  public int freePages() {
    return PAGES - used;
  }

  /** Puts in as much of {@code bytes} as there is room for, and returns how much that was. */
  public long write(long bytes) {
    if (isBypassed) {
      return bytes;
    }
    long left = bytes - Math.min(ahead, bytes);
    ahead -= bytes - left;
    int rest = (int) (left % PAGE_BYTES);
    if (rest > 0 && used > 0) {
      int last = (first + used - 1) % PAGES;
      if (filled[last] + rest <= PAGE_BYTES) {
        filled[last] += rest;
        left -= rest;
      }
    }
    while (left > 0 && used < PAGES) {
      int part = (int) Math.min(left, PAGE_BYTES);
      filled[(first + used) % PAGES] = part;
      used++;
      left -= part;
    }
    return bytes - left;
  }

  /** Bytes leave or enter in a way that is not followed: from now on there is always room. */
  public void giveUp() {
    isBypassed = true;
  }

  /** Takes {@code bytes} out. */
  public void read(long bytes) {
    if (isBypassed) {
      return;
    }
    long left = bytes;
    while (left > 0 && used > 0) {
      int part = (int) Math.min(left, filled[first]);
      filled[first] -= part;
      left -= part;
      if (filled[first] == 0) {
        first = (first + 1) % PAGES;
        used--;
      }
    }
    ahead += left;
  }

  /** Whether a writer that sleeps may go on. */
  public boolean wakesWriters() {
    return sleeping > 0 && (freePages() >= WAKE_PAGES || readers == 0 || isBypassed);
  }

  /** Task {@code index} sleeps until there is room. */
  public void sleep(int index) {
    if (sleeping == sleepers.length) {
      sleepers = Arrays.copyOf(sleepers, Math.max(4, 2 * sleeping));
    }
    sleepers[sleeping++] = index;
  }

  /** The tasks that slept, in the order in which they came; none sleeps afterwards. */
  public int[] takeSleepers() {
    int[] woken = Arrays.copyOf(sleepers, sleeping);
    sleeping = 0;
    return woken;
  }
}
