package org.legosim.trace.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.legosim.timing.TraceException;
import org.legosim.trace.format.BlockReader;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.ByteSource;
import org.legosim.trace.format.Damage;
import org.legosim.trace.format.Ltrace;

/** Finds and reads the index at a file's tail. */
public final class IndexReader {
  private static final int FOOTER_CRC_BYTES = 28;
  private static final int AT_ZERO_1 = 12;
  private static final int AT_FILE_BYTES = 16;
  private static final int AT_ZERO_2 = 24;
  private static final int AT_MAGIC = 32;

  private IndexReader() {}

  /** Reads the index; an error names the byte at which it is missing or damaged. */
  public static TraceIndex read(FileChannel channel, String name) {
    ByteBuffer footer = ByteBuffer.allocate(Ltrace.FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long size;
    try {
      size = channel.size();
      long at = size - Ltrace.FOOTER_BYTES;
      while (at >= 0 && footer.hasRemaining()) {
        if (channel.read(footer, at + footer.position()) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
    CRC32C crc = new CRC32C();
    crc.update(footer.array(), 0, FOOTER_CRC_BYTES);
    boolean isWhole = !footer.hasRemaining()
        && footer.getLong(AT_MAGIC) == Ltrace.FOOTER_MAGIC
        && footer.getInt(FOOTER_CRC_BYTES) == (int) crc.getValue()
        && footer.getInt(AT_ZERO_1) == 0
        && footer.getInt(AT_ZERO_2) == 0
        && footer.getLong(AT_FILE_BYTES) == size;
    if (!isWhole) {
      throw Damage.at(
          name,
          Math.max(0, size - Ltrace.FOOTER_BYTES),
          "the index at the file's end is missing or cut");
    }
    return readBlocks(channel, name, footer.getLong(0), footer.getInt(8));
  }

  private static TraceIndex readBlocks(FileChannel channel, String name, long offset, int blocks) {
    ByteSink bytes = new ByteSink(1 << 12);
    long at = offset;
    try (BlockReader reader = new BlockReader(channel, name)) {
      for (int i = 0; i < blocks; i++) {
        long next = reader.read(at);
        if (reader.header().kind != Ltrace.INDEX || reader.header().number != i) {
          throw Damage.at(name, at, "the index does not stand here");
        }
        bytes.putBytes(reader.raw(), 0, reader.header().rawBytes);
        at = next;
      }
    }
    ByteSource source = new ByteSource(name);
    source.reset(bytes.array(), 0, bytes.size(), offset);
    return TraceIndex.decode(source);
  }
}
