package org.legosim.trace.format;

import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;

/**
 * All records of a trace in the canonical order. Holds one block of every thread that has begun and not ended.
 *
 * <p>An ordinary access stands directly before its thread's next entry, so the thread whose next entry has the smallest
 * sequence number is read up to that entry.
 */
public final class CanonicalReader implements AutoCloseable {
  private record Next(long sequence, int thread) {}

  private static final Comparator<Next> ORDER =
      Comparator.comparingLong(Next::sequence).thenComparingInt(Next::thread);

  private final FileChannel channel;
  private final String name;
  private final List<ThreadBlocks> threads;
  private final @Nullable ThreadReader[] readers;
  private final PriorityQueue<Next> queue;
  private int current = -1;
  private boolean isAtStamp;

  public CanonicalReader(FileChannel channel, String name, List<ThreadBlocks> threads) {
    this.channel = channel;
    this.name = name;
    this.threads = threads;
    this.readers = new ThreadReader[threads.size()];
    this.queue = new PriorityQueue<>(Math.max(1, threads.size()), ORDER);
    for (int i = 0; i < threads.size(); i++) {
      queue.add(new Next(threads.get(i).firstSequence(), i));
    }
  }

  /** @return as {@link ThreadReader#next} with stamps shown; END after the last record of the last thread */
  public int next(AccessBatch batch) {
    if (isAtStamp) {
      queue.add(new Next(reader().peekSequence(), current));
      current = -1;
      isAtStamp = false;
    }
    while (true) {
      if (current < 0) {
        Next next = queue.poll();
        if (next == null) {
          return AccessSource.END;
        }
        current = next.thread();
      }
      ThreadReader reader = reader();
      int kind = reader.next(batch);
      if (kind != AccessSource.END) {
        // The thread stays current until the caller comes back: it may ask which one it was.
        isAtStamp = kind != AccessSource.ACCESSES;
        return kind;
      }
      reader.close();
      readers[current] = null;
      current = -1;
    }
  }

  /** Index of the thread that the last record belongs to. */
  public int thread() {
    return current;
  }

  /** The reader that the last record came from. */
  public ThreadReader reader() {
    ThreadReader reader = readers[current];
    if (reader == null) {
      reader = new ThreadReader(channel, name, threads.get(current), true);
      readers[current] = reader;
    }
    return reader;
  }

  @Override
  public void close() {
    for (ThreadReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
  }
}
