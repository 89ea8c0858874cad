package org.legosim.trace.importer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.legosim.timing.TraceException;

/** Lines of a text trace, taken apart without making strings. Knows its place for messages. */
final class LineInput {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MOST_LINE_BYTES = 1 << 20;
  private static final int HEX_DIGITS = 16;

  private final InputStream in;
  private final String name;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int filled;
  private int lineStart;
  private int lineEnd;
  private int at;
  private long lineNumber;

  LineInput(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Moves to the next line. @return whether there is one */
  boolean nextLine() throws IOException {
    int scan = next;
    lineStart = next;
    while (true) {
      if (scan == filled) {
        int kept = filled - lineStart;
        if (!fill()) {
          break;
        }
        scan = lineStart + kept;
      }
      if (buffer[scan] == '\n') {
        return take(scan, scan + 1);
      }
      scan++;
    }
    return filled > lineStart && take(filled, filled);
  }

  private boolean take(int end, int following) {
    lineEnd = end > lineStart && buffer[end - 1] == '\r' ? end - 1 : end;
    next = following;
    at = lineStart;
    lineNumber++;
    return true;
  }

  /** Moves the unfinished line to the front and reads more behind it. */
  private boolean fill() throws IOException {
    int kept = filled - lineStart;
    if (kept > MOST_LINE_BYTES) {
      throw new TraceException(name + ":" + (lineNumber + 1) + ": a line of more than "
          + MOST_LINE_BYTES + " bytes; is this a text trace?");
    }
    byte[] target = kept * 2 > buffer.length ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, lineStart, target, 0, kept);
    buffer = target;
    lineStart = 0;
    filled = kept;
    int got = in.read(buffer, kept, buffer.length - kept);
    if (got <= 0) {
      return false;
    }
    filled += got;
    return true;
  }

  /** FILE:LINE, for messages. */
  String place() {
    return name + ":" + lineNumber;
  }

  TraceException error(String what) {
    return new TraceException(place() + ": " + what + "; the line is: " + shown());
  }

  private String shown() {
    int most = 80;
    String line = line();
    return line.length() <= most ? line : line.substring(0, most) + "...";
  }

  /** The whole line. */
  String line() {
    return new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1);
  }

  int length() {
    return lineEnd - lineStart;
  }

  /** Character of the line, 0 behind its end. */
  char charAt(int index) {
    return lineStart + index < lineEnd ? (char) (buffer[lineStart + index] & 0xff) : 0;
  }

  /** What follows blanks, without moving: 0 at the end of the line. */
  char peek() {
    while (at < lineEnd && (buffer[at] == ' ' || buffer[at] == '\t')) {
      at++;
    }
    return at < lineEnd ? (char) (buffer[at] & 0xff) : 0;
  }

  boolean isAtEnd() {
    return peek() == 0;
  }

  /** Takes a character that must come next. */
  void expect(char wanted) {
    if (peek() != wanted) {
      throw error("expected '" + wanted + "' at column " + (at - lineStart + 1));
    }
    at++;
  }

  /** Takes a character if it comes next. */
  boolean accept(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  /** A word up to the next blank. */
  String word(String what) {
    if (isAtEnd()) {
      throw error(what + " is missing");
    }
    int from = at;
    while (at < lineEnd && buffer[at] > ' ') {
      at++;
    }
    return new String(buffer, from, at - from, StandardCharsets.ISO_8859_1);
  }

  /** What stands before the next comma, without blanks around it. */
  String field() {
    peek();
    int from = at;
    while (at < lineEnd && buffer[at] != ',') {
      at++;
    }
    return new String(buffer, from, at - from, StandardCharsets.ISO_8859_1).strip();
  }

  /** Hexadecimal with or without 0x. */
  long hex(String what) {
    peek();
    if (at + 1 < lineEnd && buffer[at] == '0' && (buffer[at + 1] | 0x20) == 'x') {
      at += 2;
    }
    int from = at;
    long value = 0;
    while (at < lineEnd && Character.digit(buffer[at], HEX_DIGITS) >= 0) {
      value = value << 4 | Character.digit(buffer[at], HEX_DIGITS);
      at++;
    }
    if (at == from || (at - from > HEX_DIGITS && !areZeros(from, at - HEX_DIGITS))) {
      throw error(what + " is no hexadecimal number of at most 64 bits");
    }
    return value;
  }

  private boolean areZeros(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != '0') {
        return false;
      }
    }
    return true;
  }

  /** A non-negative decimal number. */
  long decimal(String what) {
    peek();
    int from = at;
    long value = 0;
    while (at < lineEnd && buffer[at] >= '0' && buffer[at] <= '9') {
      int digit = buffer[at++] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw error(what + " is too large");
      }
      value = value * 10 + digit;
    }
    if (at == from) {
      throw error(what + " is no decimal number");
    }
    return value;
  }

  /** Decimal, or hexadecimal with 0x. */
  long number(String what) {
    boolean isHex = peek() == '0' && at + 1 < lineEnd && (buffer[at + 1] | 0x20) == 'x';
    return isHex ? hex(what) : decimal(what);
  }

  void requireEnd() {
    if (!isAtEnd()) {
      throw error("unexpected text at column " + (at - lineStart + 1));
    }
  }
}
