package org.legosim.trace.format;

import java.util.Comparator;

/** Where one thread's blocks stand in a file, in the order of its records. */
public final class ThreadBlocks {
  /** No entry of this thread has a sequence number. */
  public static final long NO_SEQUENCE = Long.MAX_VALUE;

  /** Order of first appearance in the canonical order: threads without any entry come last. */
  public static final Comparator<ThreadBlocks> CANONICAL = Comparator.comparingLong(
          ThreadBlocks::firstSequence)
      .thenComparingInt(ThreadBlocks::pid)
      .thenComparingInt(ThreadBlocks::tid)
      .thenComparingInt(ThreadBlocks::generation);

  private final int pid;
  private final int tid;
  private final int generation;
  private final LongArray offsets = new LongArray();
  private final LongArray sequences = new LongArray();
  private long firstSequence = NO_SEQUENCE;

  /** @param generation how many threads had this (pid, tid) before */
  public ThreadBlocks(int pid, int tid, int generation) {
    this.pid = pid;
    this.tid = tid;
    this.generation = generation;
  }

  public int pid() {
    return pid;
  }

  public int tid() {
    return tid;
  }

  public int generation() {
    return generation;
  }

  public long firstSequence() {
    return firstSequence;
  }

  public LongArray offsets() {
    return offsets;
  }

  /** First sequence number at or after a block, or {@link #NO_SEQUENCE}. */
  public long firstSequenceFrom(int block) {
    for (int i = block; i < sequences.size(); i++) {
      if (sequences.get(i) != NO_SEQUENCE) {
        return sequences.get(i);
      }
    }
    return NO_SEQUENCE;
  }

  /**
   * Adds the next block.
   *
   * @param blockFirstSequence of its first entry, or {@link #NO_SEQUENCE}
   */
  public void add(long offset, long blockFirstSequence) {
    offsets.add(offset);
    sequences.add(blockFirstSequence);
    firstSequence = Math.min(firstSequence, blockFirstSequence);
  }

  @Override
  public String toString() {
    return "process " + pid + " thread " + tid
        + (generation == 0 ? "" : " (" + generation + " before it)");
  }
}
