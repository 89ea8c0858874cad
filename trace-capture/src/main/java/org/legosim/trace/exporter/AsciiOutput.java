package org.legosim.trace.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Lines of ASCII text, formatted without making strings. */
final class AsciiOutput {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST_NUMBER = 20;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] digits = new byte[LONGEST_NUMBER];
  private int filled;

  AsciiOutput(OutputStream out) {
    this.out = out;
  }

  AsciiOutput text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, filled, bytes.length);
    filled += bytes.length;
    return this;
  }

  AsciiOutput put(char c) throws IOException {
    room(1);
    buffer[filled++] = (byte) c;
    return this;
  }

  /** Without 0x, at least so many digits. */
  AsciiOutput hex(long value, int leastDigits) throws IOException {
    int count = Math.max(leastDigits, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
    room(count);
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) {
      buffer[filled++] = (byte) Character.forDigit((int) (value >>> shift) & 0xf, 16);
    }
    return this;
  }

  /** Of a number that is not negative. */
  AsciiOutput decimal(long value) throws IOException {
    int count = 0;
    long rest = value;
    do {
      digits[count++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    room(count);
    while (count > 0) {
      buffer[filled++] = digits[--count];
    }
    return this;
  }

  void flush() throws IOException {
    out.write(buffer, 0, filled);
    filled = 0;
  }

  private void room(int bytes) throws IOException {
    if (filled + bytes > BUFFER_BYTES) {
      flush();
    }
  }
}
