package org.legosim.trace.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.legosim.timing.TraceException;

/**
 * Reads single blocks at given places into reused buffers, checks and inflates them. Reads are
 * positional, so readers may share a channel. Never holds more than one payload.
 */
public final class BlockReader implements AutoCloseable {
  private static final int SMALLEST_BUFFER = 1 << 12;

  private final FileChannel channel;
  private final String name;
  private final BlockHeader header = new BlockHeader();
  private final CRC32C crc = new CRC32C();
  private final Inflater inflater = new Inflater(true);
  private ByteBuffer stored = ByteBuffer.allocate(0);
  private byte[] inflated = {};
  private byte[] raw = {};
  private long offset;

  /** @param name of the file, for messages */
  public BlockReader(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  /**
   * Reads the block's header and payload.
   *
   * @return where the next block begins
   */
  public long read(long blockOffset) {
    long next = readHeader(blockOffset);
    if (stored.capacity() < header.storedBytes + BlockDecoder.READS_BEYOND_BYTES) {
      stored = ByteBuffer.allocate(grown(header.storedBytes));
    }
    fill(stored, header.storedBytes, blockOffset + Ltrace.BLOCK_HEADER_BYTES);
    crc.reset();
    crc.update(stored.array(), 0, header.storedBytes);
    if ((int) crc.getValue() != header.payloadCrc) {
      throw Damage.at(name, blockOffset, "the checksum of a block does not match");
    }
    raw = header.codec == Ltrace.STORED ? stored.array() : inflate();
    return next;
  }

  /**
   * Reads the block's header only.
   *
   * @return where the next block begins
   */
  public long readHeader(long blockOffset) {
    offset = blockOffset;
    if (blockOffset < 0) {
      throw Damage.at(name, 0, "a block is said to stand before the file's start");
    }
    fill(header.bytes(), Ltrace.BLOCK_HEADER_BYTES, blockOffset);
    header.decode(name, blockOffset);
    return blockOffset + Ltrace.BLOCK_HEADER_BYTES + header.storedBytes;
  }

  /** Of the block read last. */
  public BlockHeader header() {
    return header;
  }

  /**
   * Payload of the block read last, decoded, from index 0; valid until the next read. At least {@link
   * BlockDecoder#READS_BEYOND_BYTES} bytes of the array follow it.
   */
  public byte[] raw() {
    return raw;
  }

  /** Payload of the block read last as it stands in the file; valid until the next read. */
  public byte[] stored() {
    return stored.array();
  }

  /** Place of the block read last. */
  public long offset() {
    return offset;
  }

  public String name() {
    return name;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private byte[] inflate() {
    if (inflated.length < header.rawBytes + BlockDecoder.READS_BEYOND_BYTES) {
      inflated = new byte[grown(header.rawBytes)];
    }
    inflater.reset();
    inflater.setInput(stored.array(), 0, header.storedBytes);
    try {
      // The buffer is what the header declared, so that no payload can grow beyond its limit.
      int length = inflater.inflate(inflated, 0, header.rawBytes);
      boolean isWhole = length == header.rawBytes && endsHere() && inflater.getRemaining() == 0;
      if (!isWhole) {
        throw Damage.at(name, offset, "a block does not inflate to the length it declares");
      }
    } catch (DataFormatException e) {
      throw Damage.at(name, offset, "a block does not inflate", e);
    }
    return inflated;
  }

  private boolean endsHere() throws DataFormatException {
    return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
  }

  private void fill(ByteBuffer target, int length, long from) {
    target.clear().limit(length);
    try {
      while (target.hasRemaining()) {
        if (channel.read(target, from + target.position()) < 0) {
          throw Damage.at(name, from + target.position(), "the file ends inside a block");
        }
      }
    } catch (IOException e) {
      throw new TraceException(name + ": byte " + from + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static int grown(int bytes) {
    int needed = bytes + BlockDecoder.READS_BEYOND_BYTES;
    return Math.max(SMALLEST_BUFFER, Integer.highestOneBit(needed - 1) << 1);
  }
}
