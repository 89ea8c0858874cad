package org.legosim.trace.pack;

import java.nio.channels.FileChannel;
import org.legosim.timing.trace.GateCursor;
import org.legosim.trace.format.BlockReader;
import org.legosim.trace.format.ByteSource;
import org.legosim.trace.format.Damage;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/** Reads one thread's gates and sources from their blocks, one small block of each at a time. */
public final class GateCursors implements GateCursor {
  private final Entries gates;
  private final Entries sources;
  private long waitRecord;
  private int onThread;
  private long onRecord;
  private long sourceRecord;

  /**
   * Starts at the first gate and the first source.
   *
   * @param threads in the trace
   * @param gateOffsets blocks with this thread's gates, in order
   * @param sourceOffsets blocks with its sources, in order
   */
  public GateCursors(
      FileChannel channel,
      String name,
      int threads,
      LongArray gateOffsets,
      LongArray sourceOffsets) {
    gates = new Entries(channel, name, gateOffsets, threads);
    sources = new Entries(channel, name, sourceOffsets, threads);
    advanceWait();
    advanceSource();
  }

  @Override
  public long waitRecord() {
    return waitRecord;
  }

  @Override
  public int onThread() {
    return onThread;
  }

  @Override
  public long onRecord() {
    return onRecord;
  }

  @Override
  public void advanceWait() {
    if (gates.isAtEnd()) {
      waitRecord = NEVER;
      return;
    }
    waitRecord = gates.nextRecord();
    onThread = gates.thread();
    onRecord = gates.onRecord();
  }

  @Override
  public long sourceRecord() {
    return sourceRecord;
  }

  @Override
  public void advanceSource() {
    sourceRecord = sources.isAtEnd() ? NEVER : sources.nextRecord();
  }

  /** The entries of a list of blocks. */
  private static final class Entries {
    private final FileChannel channel;
    private final String name;
    private final LongArray offsets;
    private final int threads;
    private final ByteSource source;
    private int nextBlock;
    private int left;
    private long record;
    private long lastOn;

    Entries(FileChannel channel, String name, LongArray offsets, int threads) {
      this.channel = channel;
      this.name = name;
      this.offsets = offsets;
      this.threads = threads;
      this.source = new ByteSource(name);
    }

    boolean isAtEnd() {
      return left == 0 && nextBlock == offsets.size();
    }

    long nextRecord() {
      if (left == 0) {
        openBlock();
      }
      left--;
      record += source.varint();
      return record;
    }

    int thread() {
      return source.count(threads - 1, "a thread");
    }

    long onRecord() {
      lastOn += source.zigzag();
      return lastOn;
    }

    private void openBlock() {
      long offset = offsets.get(nextBlock++);
      try (BlockReader reader = new BlockReader(channel, name)) {
        reader.read(offset);
        if (reader.header().kind != Ltrace.GATES) {
          throw Damage.at(name, offset, "another block stands here than the index says");
        }
        source.reset(reader.raw(), 0, reader.header().rawBytes, offset);
      }
      source.byteValue();
      source.byteValue();
      thread();
      left = source.count(Ltrace.MAX_RAW_BYTES, "the number of gates");
      if (left == 0) {
        throw source.damage("there is nothing in the block");
      }
      record = 0;
      lastOn = 0;
    }
  }
}
