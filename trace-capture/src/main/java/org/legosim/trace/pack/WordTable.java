package org.legosim.trace.pack;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last atomic access to each 8-byte word: whose it was. Open addressing over primitive keys. */
final class WordTable {
  private static final int FREE = -1;

  private long[] owners = new long[16];
  private long[] words = new long[16];
  private int[] threads = free(16);
  private long[] records = new long[16];
  private long[] @Nullable [] snapshots = new long[16][];
  private int size;

  /**
   * Finds or makes a word's slot, valid until the next call.
   *
   * @return the slot; its thread is {@link Instance#NO_THREAD} when the word is new
   */
  int slot(long owner, long word) {
    if (2 * size >= threads.length) {
      grow();
    }
    int at = find(owner, word);
    owners[at] = owner;
    words[at] = word;
    return at;
  }

  int thread(int slot) {
    return threads[slot];
  }

  long record(int slot) {
    return records[slot];
  }

  long @Nullable [] snapshot(int slot) {
    return snapshots[slot];
  }

  void set(int slot, int thread, long record, long @Nullable [] snapshot) {
    if (threads[slot] == FREE) {
      size++;
    }
    threads[slot] = thread;
    records[slot] = record;
    snapshots[slot] = snapshot;
  }

  private int find(long owner, long word) {
    int at = (int) (((word + owner * 31) * 0x9E3779B97F4A7C15L) >>> 32) & (threads.length - 1);
    while (threads[at] != FREE && (owners[at] != owner || words[at] != word)) {
      at = (at + 1) & (threads.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] oldOwners = owners;
    long[] oldWords = words;
    int[] oldThreads = threads;
    long[] oldRecords = records;
    long[] @Nullable [] oldSnapshots = snapshots;
    int length = 2 * threads.length;
    owners = new long[length];
    words = new long[length];
    threads = free(length);
    records = new long[length];
    snapshots = new long[length][];
    for (int i = 0; i < oldThreads.length; i++) {
      if (oldThreads[i] != FREE) {
        int at = find(oldOwners[i], oldWords[i]);
        owners[at] = oldOwners[i];
        words[at] = oldWords[i];
        threads[at] = oldThreads[i];
        records[at] = oldRecords[i];
        snapshots[at] = oldSnapshots[i];
      }
    }
  }

  private static int[] free(int length) {
    int[] threads = new int[length];
    Arrays.fill(threads, FREE);
    return threads;
  }
}
