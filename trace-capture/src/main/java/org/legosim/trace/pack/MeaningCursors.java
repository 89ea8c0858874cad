package org.legosim.trace.pack;

import java.nio.channels.FileChannel;
import org.legosim.timing.trace.MeaningCursor;
import org.legosim.trace.format.BlockReader;
import org.legosim.trace.format.ByteSource;
import org.legosim.trace.format.Damage;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/** Reads what one thread's records do to locks, one small block at a time. */
public final class MeaningCursors implements MeaningCursor {
  private final FileChannel channel;
  private final String name;
  private final LongArray offsets;
  private final ByteSource source;
  private int nextBlock;
  private int left;
  private long last;
  private long record;
  private long endRecord;
  private boolean acquires;
  private boolean spins;
  private int lock;

  /**
   * Starts at the first one.
   *
   * @param offsets blocks with this thread's meanings, in order
   */
  public MeaningCursors(FileChannel channel, String name, LongArray offsets) {
    this.channel = channel;
    this.name = name;
    this.offsets = offsets;
    this.source = new ByteSource(name);
    advance();
  }

  @Override
  public long record() {
    return record;
  }

  @Override
  public long endRecord() {
    return endRecord;
  }

  @Override
  public boolean acquires() {
    return acquires;
  }

  @Override
  public boolean spins() {
    return spins;
  }

  @Override
  public int lock() {
    return lock;
  }

  @Override
  public void advance() {
    if (left == 0) {
      if (nextBlock == offsets.size()) {
        record = NEVER;
        return;
      }
      openBlock();
    }
    left--;
    record = last + source.varint();
    last = record;
    endRecord = record + source.varint();
    int bits = source.count(Integer.MAX_VALUE, "a lock");
    acquires = (bits & 1) != 0;
    spins = (bits & 2) != 0;
    lock = bits >>> 2;
  }

  private void openBlock() {
    long offset = offsets.get(nextBlock++);
    try (BlockReader reader = new BlockReader(channel, name)) {
      reader.read(offset);
      source.reset(reader.raw(), 0, reader.header().rawBytes, offset);
    }
    source.byteValue();
    source.byteValue();
    source.varint();
    left = source.count(Ltrace.MAX_RAW_BYTES, "the number of meanings");
    if (left == 0) {
      throw Damage.at(name, offset, "there is nothing in the block");
    }
    last = 0;
  }
}
