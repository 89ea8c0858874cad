package org.legosim.trace.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.legosim.timing.TraceException;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.GuestText;

/** Takes one line apart: words, numbers, quoted strings. Knows its place for messages. */
final class TextLine {
  private final String name;
  private byte[] bytes = {};
  private int at;
  private int end;
  private long number;

  TextLine(String name) {
    this.name = name;
  }

  /** Moves to another line, without its line end. */
  void reset(byte[] newBytes, int from, int to, long lineNumber) {
    bytes = newBytes;
    at = from;
    end = to;
    number = lineNumber;
  }

  /**
   * Skips blanks.
   *
   * @return whether the line, or what precedes a comment, ends here
   */
  boolean isAtEnd() {
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
    return at == end || bytes[at] == '#';
  }

  /** The next character, 0 at the end. */
  char peek() {
    return isAtEnd() ? 0 : (char) (bytes[at] & 0xff);
  }

  /** The first word when it is a single character. */
  char keyCharacter() {
    char key = peek();
    at++;
    if (at < end && bytes[at] > ' ') {
      throw error("a line begins with one of P M T L S A I > < ! # and a blank");
    }
    return key;
  }

  void skip() {
    at++;
  }

  void requireEnd() {
    if (!isAtEnd()) {
      throw error("unexpected text at column " + (at + 1));
    }
  }

  String word() {
    if (isAtEnd()) {
      throw error("the line ends too early");
    }
    int from = at;
    while (at < end && bytes[at] > ' ') {
      at++;
    }
    return GuestText.decode(bytes, from, at - from);
  }

  /** A number within bounds. */
  long number(String what, long least, long most) {
    long value = number(what);
    if (value < least || value > most) {
      throw error(what + " " + value + " is not between " + least + " and " + most);
    }
    return value;
  }

  /** Decimal, negative decimal, or 64 bits in hexadecimal with 0x. */
  long number(String what) {
    if (isAtEnd()) {
      throw error(what + " is missing");
    }
    boolean isHexadecimal = at + 2 < end && bytes[at] == '0' && bytes[at + 1] == 'x';
    long value = isHexadecimal ? hexadecimal(what) : decimal(what);
    if (at < end && bytes[at] > ' ' && bytes[at] != ':') {
      throw error(what + " is not a number");
    }
    return value;
  }

  /** Digits up to a character that is none; for numbers inside a word. */
  long decimal(String what) {
    boolean isNegative = at < end && bytes[at] == '-';
    at += isNegative ? 1 : 0;
    int from = at;
    long value = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at++] - '0';
      if (value < (Long.MIN_VALUE + digit) / 10) {
        throw error(what + " needs more than 64 bits");
      }
      value = 10 * value - digit;
    }
    if (at == from) {
      throw error(what + " is not a number");
    }
    if (!isNegative && value == Long.MIN_VALUE) {
      throw error(what + " needs more than 64 bits; write it in hexadecimal");
    }
    return isNegative ? value : -value;
  }

  private long hexadecimal(String what) {
    at += 2;
    int from = at;
    long value = 0;
    while (at < end) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        break;
      }
      if (value >>> 60 != 0) {
        throw error(what + " needs more than 64 bits");
      }
      value = value << 4 | digit;
      at++;
    }
    if (at == from) {
      throw error(what + " is not a number");
    }
    return value;
  }

  /** A quoted string. */
  String string(String what) {
    if (peek() != '"') {
      throw error(what + " must stand in double quotes");
    }
    at++;
    ByteSink text = new ByteSink(32);
    while (at < end && bytes[at] != '"') {
      text.putByte(bytes[at] == '\\' ? escape() : bytes[at++]);
    }
    if (at == end) {
      throw error(what + " lacks its closing quote");
    }
    at++;
    return GuestText.decode(text.array(), 0, text.size());
  }

  /** {@code ["a","b"]}, or nothing. */
  List<String> optionalStrings(String what) {
    List<String> strings = new ArrayList<>();
    if (peek() != '[') {
      return strings;
    }
    at++;
    while (peek() != ']') {
      if (!strings.isEmpty()) {
        if (peek() != ',') {
          throw error(what + " lack a comma or ]");
        }
        at++;
      }
      strings.add(string(what));
    }
    at++;
    return strings;
  }

  private int escape() {
    at++;
    int c = at < end ? bytes[at++] : 0;
    switch (c) {
      case '"', '\\' -> {
        return c;
      }
      case 'n' -> {
        return '\n';
      }
      case 't' -> {
        return '\t';
      }
      case 'x' -> {
        int high = at < end ? Character.digit(bytes[at++], 16) : -1;
        int low = at < end ? Character.digit(bytes[at++], 16) : -1;
        if (high >= 0 && low >= 0) {
          return high << 4 | low;
        }
        throw error("\\x is followed by two hexadecimal digits");
      }
      default -> throw error("a backslash is followed by one of \" \\ n t x");
    }
  }

  TraceException error(String what) {
    return new TraceException(String.format(
        Locale.ROOT,
        "%s:%d: %s (the form is described in docs/trace-text.md)",
        name,
        number,
        what));
  }
}
