package org.legosim.reports.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Walks a Parquet footer (Thrift's compact protocol) and refuses lengths that its bytes cannot hold.
 * The Parquet library sizes arrays by what the footer claims; after this check a claim is never more
 * than the file's own length.
 */
final class FooterCheck {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = 8;
  private static final int MOST_FOOTER_BYTES = 64 << 20;
  private static final int DEEPEST = 24;

  private static final int BOOLEAN_TRUE = 1;
  private static final int BOOLEAN_FALSE = 2;
  private static final int BYTE = 3;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int STRUCT = 12;

  private final ByteBuffer bytes;

  private FooterCheck(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Throws an IOException that says what is wrong and at which byte. */
  static void check(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < MAGIC.length + TAIL_BYTES) {
        throw new IOException("too short for a Parquet file: " + size + " bytes");
      }
      ByteBuffer tail = read(channel, size - TAIL_BYTES, TAIL_BYTES);
      int footerBytes = tail.order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (!startsWithMagic(read(channel, 0, MAGIC.length)) || !startsWithMagic(tail)) {
        throw new IOException("not a Parquet file: it does not begin and end with PAR1");
      }
      long start = size - TAIL_BYTES - footerBytes;
      if (footerBytes <= 0 || start < MAGIC.length || footerBytes > MOST_FOOTER_BYTES) {
        throw new IOException("a footer of " + footerBytes + " bytes in " + size);
      }
      FooterCheck walk = new FooterCheck(read(channel, start, footerBytes));
      try {
        walk.struct(0);
      } catch (IOException e) {
        throw new IOException(e.getMessage() + " at byte " + (start + walk.bytes.position()), e);
      }
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the file ends early");
      }
    }
    return buffer.flip();
  }

  private static boolean startsWithMagic(ByteBuffer buffer) {
    byte[] found = new byte[MAGIC.length];
    buffer.get(found);
    return java.util.Arrays.equals(found, MAGIC);
  }

  private void struct(int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("the footer is nested too deep");
    }
    while (true) {
      int header = next();
      if (header == 0) {
        return;
      }
      if (header >> 4 == 0) {
        varint(); // the field's number in full
      }
      int type = header & 0xf;
      if (type != BOOLEAN_TRUE && type != BOOLEAN_FALSE) {
        value(type, depth);
      }
    }
  }

  private void value(int type, int depth) throws IOException {
    if (type == STRUCT) {
      struct(depth + 1);
    } else if (type == LIST || type == SET) {
      list(depth + 1);
    } else if (type == BINARY) {
      skip(varint());
    } else if (type == DOUBLE) {
      skip(Double.BYTES);
    } else if (type > BYTE && type <= I64) {
      varint();
    } else if (type >= BOOLEAN_TRUE && type <= BYTE) {
      next();
    } else {
      throw new IOException("the footer holds an unknown type " + type);
    }
  }

  private void list(int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("the footer is nested too deep");
    }
    int header = next();
    long size = header >> 4 == 0xf ? varint() : header >> 4;
    if (size < 0 || size > bytes.remaining()) {
      throw new IOException("the footer claims a list of " + size + " elements");
    }
    for (long i = 0; i < size; i++) {
      value(header & 0xf, depth);
    }
  }

  private int next() throws IOException {
    if (!bytes.hasRemaining()) {
      throw new IOException("the footer ends early");
    }
    return bytes.get() & 0xff;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = next();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IOException("the footer holds a number that does not end");
  }

  private void skip(long length) throws IOException {
    if (length < 0 || length > bytes.remaining()) {
      throw new IOException("the footer claims " + length + " bytes of text");
    }
    bytes.position(bytes.position() + (int) length);
  }
}
