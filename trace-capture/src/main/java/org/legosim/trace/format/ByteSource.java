package org.legosim.trace.format;

import org.legosim.timing.TraceException;

/** Reads varints, strings and bytes of a payload, and refuses to read past its end. */
public final class ByteSource {
  private final String name;
  private byte[] bytes = {};
  private int at;
  private int end;
  private long offset;

  /** @param name of the file, for messages */
  public ByteSource(String name) {
    this.name = name;
  }

  /**
   * Starts over.
   *
   * @param newOffset where in the file the block stands, for messages
   */
  public void reset(byte[] newBytes, int from, int to, long newOffset) {
    bytes = newBytes;
    at = from;
    end = to;
    offset = newOffset;
  }

  public boolean isAtEnd() {
    return at == end;
  }

  public int position() {
    return at;
  }

  public int byteValue() {
    if (at >= end) {
      throw damage("a field runs past the end of its stream");
    }
    return bytes[at++] & 0xff;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = byteValue();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw damage("a number is longer than 10 bytes");
  }

  public long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** A part of these bytes, preceded by its length; this source goes on behind it. */
  public ByteSource part() {
    int length = count(end - at, "the length of a part");
    ByteSource part = new ByteSource(name);
    part.reset(bytes, at, at + length, offset);
    at += length;
    return part;
  }

  /** A varint that counts something; {@code what} names it in the message. */
  public int count(long most, String what) {
    long value = varint();
    if (value < 0 || value > most) {
      throw damage(what + " " + Long.toUnsignedString(value) + " is beyond its limit of " + most);
    }
    return (int) value;
  }

  public String string(int mostBytes) {
    int length = count(mostBytes, "the length of a string");
    if (length > end - at) {
      throw damage("a string runs past the end of its stream");
    }
    String text = GuestText.decode(bytes, at, length);
    at += length;
    return text;
  }

  public void bytes(byte[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (byte) byteValue();
    }
  }

  public TraceException damage(String what) {
    return Damage.at(name, offset, "in the block at this place, " + what);
  }
}
