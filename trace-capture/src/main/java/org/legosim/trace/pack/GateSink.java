package org.legosim.trace.pack;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.trace.format.BlockAppender;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/** Takes the gates of one replay order, drops what others imply, and writes the rest in small blocks. */
final class GateSink implements GateTaker {
  private static final int CHUNK_BYTES = 1 << 14;

  private final ReplayOrder order;
  private final BlockAppender out;
  private final List<GateChunk> chunks;
  private final Known known;
  private final OneThread[] threads;
  private long gates;

  GateSink(ReplayOrder order, int threadCount, BlockAppender out, List<GateChunk> chunks) {
    this.order = order;
    this.out = out;
    this.chunks = chunks;
    known = new Known(threadCount);
    threads = new OneThread[threadCount];
    Arrays.setAll(threads, OneThread::new);
  }

  private static final class OneThread {
    final int index;
    final ByteSink entries = new ByteSink(64);
    final LongArray sources = new LongArray();
    int count;
    long lastWait;
    long lastOn;
    long newestWait;

    OneThread(int index) {
      this.index = index;
    }
  }

  @Override
  public void complete(int thread, long record) {
    known.complete(thread, record);
  }

  @Override
  public long @Nullable [] snapshot(int thread, long @Nullable [] reuse) {
    return known.snapshot(thread, reuse);
  }

  /** Gates written, after dropping those implied. */
  long gates() {
    return gates;
  }

  @Override
  public long newestWait(int thread) {
    return threads[thread].newestWait;
  }

  @Override
  public void add(
      int thread, long waitRecord, int onThread, long onRecord, long @Nullable [] snapshot) {
    if (thread == onThread || known.implies(thread, onThread, onRecord)) {
      return;
    }
    known.learn(thread, onThread, onRecord, snapshot);
    OneThread waiting = threads[thread];
    if (waitRecord < waiting.newestWait) {
      throw new ModelException(
          "gates of thread " + thread + " are out of order at record " + waitRecord);
    }
    waiting.newestWait = waitRecord;
    waiting.entries.putVarint(waitRecord - waiting.lastWait);
    waiting.entries.putVarint(onThread);
    waiting.entries.putZigzag(onRecord - waiting.lastOn);
    waiting.lastWait = waitRecord;
    waiting.lastOn = onRecord;
    waiting.count++;
    gates++;
    threads[onThread].sources.add(onRecord);
    if (waiting.entries.size() >= CHUNK_BYTES) {
      writeGates(waiting);
    }
  }

  /** Writes what is pending, and the sources. */
  @Override
  public void finish() {
    for (OneThread thread : threads) {
      writeGates(thread);
    }
    for (OneThread thread : threads) {
      writeSources(thread);
    }
  }

  private void writeGates(OneThread thread) {
    if (thread.count > 0) {
      write(thread, GateChunk.GATES);
      thread.lastWait = 0;
      thread.lastOn = 0;
    }
  }

  private void writeSources(OneThread thread) {
    long[] sources = thread.sources.toArray();
    Arrays.sort(sources);
    long before = -1;
    long base = 0;
    for (long source : sources) {
      if (source == before) {
        continue;
      }
      thread.entries.putVarint(source - base);
      thread.count++;
      before = source;
      base = source;
      if (thread.entries.size() >= CHUNK_BYTES) {
        write(thread, GateChunk.SOURCES);
        base = 0;
      }
    }
    if (thread.count > 0) {
      write(thread, GateChunk.SOURCES);
    }
  }

  private void write(OneThread thread, int role) {
    ByteSink head = new ByteSink(32);
    head.putByte(order.ordinal());
    head.putByte(role);
    head.putVarint(thread.index);
    head.putVarint(thread.count);
    chunks.add(new GateChunk(order, role, thread.index, out.position()));
    out.header().start(Ltrace.GATES, 0, 0, 0, chunks.size() - 1);
    out.append(List.of(head, thread.entries));
    thread.entries.clear();
    thread.count = 0;
  }
}
