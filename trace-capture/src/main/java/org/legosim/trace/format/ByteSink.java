package org.legosim.trace.format;

import java.util.Arrays;

/** A growing run of bytes that varints are appended to. */
public final class ByteSink {
  private static final int LONGEST_VARINT_BYTES = 10;

  private byte[] bytes;
  private int size;

  public ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  public byte[] array() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Declares how many bytes of {@link #array} have been filled from outside. */
  public void setSize(int newSize) {
    size = newSize;
  }

  public void clear() {
    size = 0;
  }

  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putVarint(long value) {
    reserve(LONGEST_VARINT_BYTES);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void putZigzag(long value) {
    putVarint(value << 1 ^ value >> 63);
  }

  public void putBytes(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  public void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  /** Length and bytes. */
  public void putString(String text) {
    byte[] encoded = GuestText.encode(text);
    putVarint(encoded.length);
    putBytes(encoded);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
    }
  }
}
