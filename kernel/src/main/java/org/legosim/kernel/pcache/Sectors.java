package org.legosim.kernel.pcache;

import org.legosim.timing.engine.HotPath;

/**
 * The parts of a line that are fetched and written back on their own. Sets of them are words with one
 * bit per sector, lowest address first; when lines are whole there is one word, 0, that stands for all.
 */
@HotPath
final class Sectors {
  /** The whole line, where lines have no sectors. */
  static final long WHOLE = 0;

  /** Sectors per line at most: bits of a word. */
  static final int COUNT_MAX = Long.SIZE;

  final boolean isOn;
  private final Lines lines;
  private final long lineBytes;
  private final int shift;
  private final long all;

  /**
   * Sectors of {@code fetchBytes}, or whole lines when that is 0.
   *
   * @param lines keep the words
   */
  Sectors(PcacheParams params, Lines lines) {
    this.lines = lines;
    this.lineBytes = params.lineBytes();
    this.isOn = params.fetchBytes() != 0;
    this.shift = Long.numberOfTrailingZeros(isOn ? params.fetchBytes() : lineBytes);
    int count = (int) (lineBytes >>> shift);
    this.all = !isOn ? WHOLE : -1L >>> (COUNT_MAX - count);
  }

  /** log2 of the bytes of a sector; of a line when lines are whole. */
  int shift() {
    return shift;
  }

  /** Every sector. */
  long all() {
    return all;
  }

  /** The sector of an address. */
  long of(long address) {
    return isOn ? 1L << (int) ((address & (lineBytes - 1)) >>> shift) : WHOLE;
  }

  /** Bytes of a set of sectors. */
  long bytes(long sectors) {
    return isOn ? (long) Long.bitCount(sectors) << shift : lineBytes;
  }

  boolean isPresent(int line, long address) {
    return !isOn || (lines.present(line) & of(address)) != 0;
  }

  boolean isDirty(int line, long address) {
    return !isOn || (lines.dirty(line) & of(address)) != 0;
  }

  /** Sectors of a line that hold data. */
  long present(int line) {
    return isOn ? lines.present(line) : WHOLE;
  }

  /** Sectors of a line that were written since they came. */
  long dirty(int line) {
    return isOn ? lines.dirty(line) : WHOLE;
  }

  /** What a flush of the line carries: what is dirty; all that it has when nothing is. */
  long toFlush(int line) {
    long dirty = dirty(line);
    return dirty != 0 ? dirty : present(line);
  }

  void set(int line, long present, long dirty) {
    if (isOn) {
      lines.setSectors(line, present, dirty);
    }
  }

  void addPresent(int line, long address) {
    if (isOn) {
      lines.setSectors(line, lines.present(line) | of(address), lines.dirty(line));
    }
  }

  void addDirty(int line, long address) {
    if (isOn) {
      lines.setSectors(line, lines.present(line), lines.dirty(line) | of(address));
    }
  }
}
