package org.legosim.trace.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32C;
import org.legosim.timing.OutputException;

/** Appends blocks to a file through a buffer, and completes their headers. */
public final class BlockAppender {
  private static final int BUFFER_BYTES = 1 << 18;

  private final FileChannel channel;
  private final String name;
  private final BlockHeader header = new BlockHeader();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
  private long position;

  /**
   * @param channel written at its position, which only this object moves
   * @param name of the file, for messages
   */
  public BlockAppender(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
    try {
      position = channel.position();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The header to fill in before {@link #append}. */
  public BlockHeader header() {
    return header;
  }

  /** Where the next byte goes. */
  public long position() {
    return position;
  }

  /** Appends a stored block: completes the header's lengths and checksums. */
  public void append(List<ByteSink> parts) {
    int bytes = 0;
    for (ByteSink part : parts) {
      bytes = Math.addExact(bytes, part.size());
    }
    header.codec = Ltrace.STORED;
    header.rawBytes = bytes;
    header.storedBytes = bytes;
    appendEncoded(parts);
  }

  /** Appends a block whose header is complete but for its checksums, with its payload as it goes into the file. */
  public void appendEncoded(List<ByteSink> parts) {
    if (header.rawBytes > Ltrace.MAX_RAW_BYTES) {
      throw new OutputException(name + ": a " + header.kindName() + " block of " + header.rawBytes
          + " bytes exceeds " + Ltrace.MAX_RAW_BYTES);
    }
    crc.reset();
    for (ByteSink part : parts) {
      crc.update(part.array(), 0, part.size());
    }
    header.payloadCrc = (int) crc.getValue();
    header.encode();
    put(header.bytes().array(), Ltrace.BLOCK_HEADER_BYTES);
    for (ByteSink part : parts) {
      put(part.array(), part.size());
    }
  }

  /** Appends bytes that are no block. */
  public void put(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      int part = Math.min(length - at, buffer.remaining());
      buffer.put(bytes, at, part);
      at += part;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
    position += length;
  }

  /** Hands what is buffered to the file. */
  public void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw failure(e);
    }
    buffer.clear();
  }

  private OutputException failure(IOException e) {
    return new OutputException(name + ": cannot be written: " + e.getMessage(), e);
  }
}
