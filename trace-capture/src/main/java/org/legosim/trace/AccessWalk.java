package org.legosim.trace;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.legosim.timing.ConfigException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.trace.format.BlockDecoder;
import org.legosim.trace.format.CanonicalReader;
import org.legosim.trace.format.ThreadReader;

/**
 * The accesses of a trace, one after the other: all threads' in the canonical order, or one thread's. Instructions retired
 * before an event are counted by the thread's next access.
 */
public final class AccessWalk {
  /** Takes each access; the row is the same object every time. */
  public interface Visitor {
    void take(Row row) throws IOException;
  }

  /** An access. */
  public static final class Row {
    /** Index of its thread. */
    public int thread;

    public int pid;
    public int tid;
    /** As in {@link org.legosim.timing.trace.AccessKind}. */
    public int kind;

    public int bytes;
    public long address;
    /** Retired by the thread since its access before, this one included. */
    public long instructions;
    /** Whether {@link #pc} is known. */
    public boolean isPcKnown;

    public long pc;
  }

  private final LtraceFile trace;
  private final Visitor visitor;
  private final List<ThreadImage> images;
  private final Row row = new Row();
  private final long[] owedInstructions;
  private long events;

  private AccessWalk(LtraceFile trace, Visitor visitor) {
    this.trace = trace;
    this.visitor = visitor;
    images = trace.threads();
    owedInstructions = new long[images.size()];
  }

  /**
   * Visits the accesses.
   *
   * @param thread only this one, by its index
   * @return events passed over
   */
  public static long over(LtraceFile trace, OptionalInt thread, Visitor visitor)
      throws IOException {
    AccessWalk walk = new AccessWalk(trace, visitor);
    if (thread.isPresent()) {
      walk.one(thread.getAsInt());
    } else {
      walk.all();
    }
    return walk.events;
  }

  private void all() throws IOException {
    AccessBatch batch = new AccessBatch();
    try (CanonicalReader reader = trace.records(trace.scan())) {
      for (int kind = reader.next(batch); kind != AccessSource.END; kind = reader.next(batch)) {
        take(reader.thread(), kind, batch, reader.reader().sites());
      }
    }
  }

  private void one(int thread) throws IOException {
    if (thread < 0 || thread >= images.size()) {
      throw new ConfigException("thread " + thread + ": the trace has threads 0 to "
          + (images.size() - 1) + "; \"trace info\" lists them");
    }
    AccessBatch batch = new AccessBatch();
    try (ThreadReader reader = trace.open(thread)) {
      for (int kind = reader.next(batch); kind != AccessSource.END; kind = reader.next(batch)) {
        take(thread, kind, batch, reader.sites());
      }
    }
  }

  private void take(int thread, int kind, AccessBatch batch, BlockDecoder sites)
      throws IOException {
    if (kind == ThreadReader.ORDER) {
      return;
    }
    if (kind == AccessSource.EVENT) {
      events++;
      owedInstructions[thread] +=
          batch.eventKind == EventKind.SYSCALL_ENTER ? batch.eventInstructions : 0;
      return;
    }
    ThreadImage image = images.get(thread);
    row.thread = thread;
    row.pid = image.pid();
    row.tid = image.tid();
    for (int i = 0; i < batch.count; i++) {
      row.kind = AccessBatch.kindOf(batch.shape[i]);
      row.bytes = AccessBatch.bytesOf(batch.shape[i]);
      row.address = batch.address[i];
      row.instructions = batch.instructions[i] + owedInstructions[thread];
      owedInstructions[thread] = 0;
      int site = batch.site[i];
      row.isPcKnown = sites.isPcKnown(site);
      row.pc = row.isPcKnown ? sites.programCounter(site) : 0;
      visitor.take(row);
    }
  }
}
