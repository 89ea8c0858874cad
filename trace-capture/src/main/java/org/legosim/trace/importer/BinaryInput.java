package org.legosim.trace.importer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.legosim.timing.TraceException;

/** Records of a binary trace, little-endian, with the byte offset for messages. */
final class BinaryInput {
  private static final int VARINT_BITS = 7;
  private static final int MOST_VARINT_BYTES = 10;

  private final InputStream in;
  private final String name;
  private final byte[] bytes;
  private final ByteBuffer record;
  private long offset;
  private long recordStart;

  BinaryInput(InputStream in, String name, int recordBytes) {
    this.in = in;
    this.name = name;
    this.bytes = new byte[recordBytes];
    this.record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The record that {@link #next} read. */
  ByteBuffer record() {
    return record;
  }

  /** Reads the next record. @return whether there is one */
  boolean next() throws IOException {
    recordStart = offset;
    int got = readFully(bytes, bytes.length);
    if (got > 0 && got < bytes.length) {
      throw error("the file ends inside a record: " + got + " of " + bytes.length
          + " bytes; it was cut, or is of another format");
    }
    return got > 0;
  }

  /** Reads the word that a format begins with, one record long. @return whether it is there */
  boolean startsWith(String magic) throws IOException {
    return readFully(bytes, bytes.length) == bytes.length
        && new String(bytes, StandardCharsets.ISO_8859_1).equals(magic);
  }

  /** Reads the bytes of a message whose length came before it. */
  void message(byte[] to, int count) throws IOException {
    int got = readFully(to, count);
    if (got < count) {
      throw error("the file ends inside a message: " + got + " of " + count + " bytes");
    }
  }

  private int readFully(byte[] to, int count) throws IOException {
    try {
      int got = in.readNBytes(to, 0, count);
      offset += got;
      return got;
    } catch (EOFException e) {
      throw new TraceException(
          name + ": byte " + offset + ": the compressed data ends too early; the file was cut", e);
    }
  }

  /** A base-128 number, or -1 where the file ends. */
  long varintOrEnd() throws IOException {
    recordStart = offset;
    int current = in.read();
    if (current < 0) {
      return -1;
    }
    offset++;
    long value = current & 0x7f;
    for (int i = 1; (current & 0x80) != 0; i++) {
      current = in.read();
      if (current < 0 || i == MOST_VARINT_BYTES) {
        throw error("a number does not end");
      }
      offset++;
      value |= (long) (current & 0x7f) << (VARINT_BITS * i);
    }
    return value;
  }

  /** Of the record read last. */
  String place() {
    return name + ": byte " + recordStart;
  }

  TraceException error(String what) {
    return new TraceException(place() + ": " + what);
  }
}
