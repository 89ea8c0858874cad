package org.legosim.trace.pack;

import java.util.Arrays;
import java.util.List;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.trace.format.BlockAppender;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.Ltrace;

/** Writes what records do to locks, thread by thread, in small blocks. */
final class MeaningSink {
  private static final int CHUNK_BYTES = 1 << 14;

  private final BlockAppender out;
  private final List<GateChunk> chunks;
  private final OneThread[] threads;
  private long meanings;

  private static final class OneThread {
    final int index;
    final ByteSink entries = new ByteSink(64);
    int count;
    long last;

    OneThread(int index) {
      this.index = index;
    }
  }

  MeaningSink(int threadCount, BlockAppender out, List<GateChunk> chunks) {
    this.out = out;
    this.chunks = chunks;
    threads = new OneThread[threadCount];
    Arrays.setAll(threads, OneThread::new);
  }

  long meanings() {
    return meanings;
  }

  /** Adds one; of one thread in the order of its records. */
  void add(int thread, long record, long endRecord, boolean acquires, boolean spins, int lock) {
    OneThread own = threads[thread];
    own.entries.putVarint(record - own.last);
    own.entries.putVarint(endRecord - record);
    own.entries.putVarint((long) lock << 2 | (spins ? 2 : 0) | (acquires ? 1 : 0));
    own.last = record;
    own.count++;
    meanings++;
    if (own.entries.size() >= CHUNK_BYTES) {
      write(own);
    }
  }

  void finish() {
    for (OneThread thread : threads) {
      if (thread.count > 0) {
        write(thread);
      }
    }
  }

  private void write(OneThread thread) {
    ByteSink head = new ByteSink(32);
    head.putByte(ReplayOrder.SEMANTIC.ordinal());
    head.putByte(GateChunk.MEANINGS);
    head.putVarint(thread.index);
    head.putVarint(thread.count);
    chunks.add(
        new GateChunk(ReplayOrder.SEMANTIC, GateChunk.MEANINGS, thread.index, out.position()));
    out.header().start(Ltrace.GATES, 0, 0, 0, chunks.size() - 1);
    out.append(List.of(head, thread.entries));
    thread.entries.clear();
    thread.count = 0;
    thread.last = 0;
  }
}
