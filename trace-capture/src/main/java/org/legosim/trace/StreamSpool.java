package org.legosim.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;
import org.legosim.trace.format.BlockHeader;
import org.legosim.trace.format.Damage;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.Ltrace;

/**
 * Copies a native trace from a stream into a file, block by block: what is no trace is refused before it fills the disk.
 * Checksums of payloads are left to whoever reads the file.
 */
final class StreamSpool {
  private final BufferedInputStream in;
  private final String name;
  private final FileChannel out;
  private final BlockHeader header = new BlockHeader();
  private long at;
  private byte[] payload = {};

  private StreamSpool(InputStream in, String name, FileChannel out) {
    this.in = new BufferedInputStream(in, 1 << 18);
    this.name = name;
    this.out = out;
  }

  static void copy(InputStream in, String name, FileChannel out) {
    try {
      new StreamSpool(in, name, out).copy();
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void copy() throws IOException {
    byte[] fileHeader = in.readNBytes(Ltrace.FILE_HEADER_BYTES);
    boolean isPacked = FileHeader.decode(fileHeader, fileHeader.length, name).isPacked();
    write(fileHeader, fileHeader.length);
    boolean isInIndex = false;
    while (isMore()) {
      if (isPacked && isInIndex && !isBlockNext()) {
        // The footer; more than that is no trace, and the reader will say that its end is missing.
        byte[] footer = in.readNBytes(Ltrace.FOOTER_BYTES);
        write(footer, footer.length);
        if (isMore()) {
          throw Damage.at(name, at, "more follows the end of the trace");
        }
        return;
      }
      copyBlock();
      isInIndex = header.kind == Ltrace.INDEX;
    }
  }

  private void copyBlock() throws IOException {
    int read = in.readNBytes(header.bytes().array(), 0, Ltrace.BLOCK_HEADER_BYTES);
    if (read < Ltrace.BLOCK_HEADER_BYTES) {
      throw Damage.at(name, at + read, "the stream ends inside a block");
    }
    header.decode(name, at);
    if (payload.length < header.storedBytes) {
      payload = new byte[Math.max(header.storedBytes, 2 * payload.length)];
    }
    int length = in.readNBytes(payload, 0, header.storedBytes);
    if (length < header.storedBytes) {
      throw Damage.at(
          name, at + Ltrace.BLOCK_HEADER_BYTES + length, "the stream ends inside a block");
    }
    write(header.bytes().array(), Ltrace.BLOCK_HEADER_BYTES);
    write(payload, header.storedBytes);
  }

  private boolean isMore() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next >= 0;
  }

  private boolean isBlockNext() throws IOException {
    in.mark(Integer.BYTES);
    byte[] magic = in.readNBytes(Integer.BYTES);
    in.reset();
    return magic.length == Integer.BYTES
        && magic[0] == 'L'
        && magic[1] == 'T'
        && magic[2] == 'B'
        && magic[3] == '1';
  }

  private void write(byte[] bytes, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    } catch (IOException e) {
      throw new OutputException(
          "a temporary file for " + name + " cannot be written: " + e.getMessage(), e);
    }
    at += length;
  }
}
