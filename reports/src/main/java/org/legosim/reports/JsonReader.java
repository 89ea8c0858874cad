package org.legosim.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.TraceException;

/**
 * Reads JSON (RFC 8259) strictly: no duplicate members, no trailing text, at most 64 levels. Objects
 * become maps in their order, whole numbers that fit become {@code Long}, other numbers {@code
 * Double}.
 */
public final class JsonReader {
  private static final int DEEPEST = 64;
  private final String source;
  private final String text;
  private int at;

  private JsonReader(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /**
   * @param source names the file in error messages
   * @throws TraceException naming source, line and column of what is wrong
   */
  public static @Nullable Object parse(String source, String text) {
    JsonReader reader = new JsonReader(source, text);
    Object value = reader.value(0);
    reader.space();
    if (reader.at != text.length()) {
      throw reader.error("text after the end of the document");
    }
    return value;
  }

  /** As {@link #parse}, and the document must be an object. */
  @SuppressWarnings("unchecked")
  public static Map<String, @Nullable Object> parseObject(String source, String text) {
    if (parse(source, text) instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new TraceException(source + ": expected a JSON object");
  }

  private @Nullable Object value(int depth) {
    if (depth > DEEPEST) {
      throw error("nested deeper than " + DEEPEST);
    }
    space();
    if (at == text.length()) {
      throw error("the document ends early");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    if (!closes('}')) {
      do {
        space();
        if (at == text.length() || text.charAt(at) != '"') {
          throw error("expected a member's name");
        }
        String name = string();
        space();
        expect(':');
        if (map.containsKey(name)) {
          throw error("member \"" + Printable.of(name) + "\" appears twice");
        }
        map.put(name, value(depth + 1));
      } while (continues('}'));
    }
    return map;
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    if (!closes(']')) {
      do {
        list.add(value(depth + 1));
      } while (continues(']'));
    }
    return list;
  }

  private boolean closes(char end) {
    space();
    if (at < text.length() && text.charAt(at) == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean continues(char end) {
    if (closes(end)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      if (at == text.length()) {
        throw error("a string does not end");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      } else if (c < 0x20) {
        at--;
        throw error("a control character in a string");
      } else {
        out.append(c == '\\' ? escape() : c);
      }
    }
  }

  private char escape() {
    if (at == text.length()) {
      throw error("a string does not end");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw error("an unknown escape");
    };
  }

  private char unicode() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = at < text.length() ? text.charAt(at) : ' ';
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error("an escape without four hexadecimal digits");
      }
      value = value << 4 | digit;
      at++;
    }
    return (char) value;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw error("expected a value");
    }
    at += word.length();
    return value;
  }

  private Object number() {
    int start = at;
    accept('-');
    boolean integral = true;
    if (!accept('0')) {
      digits();
    }
    if (accept('.')) {
      integral = false;
      digits();
    }
    if (accept('e') || accept('E')) {
      integral = false;
      if (!accept('+')) {
        accept('-');
      }
      digits();
    }
    String number = text.substring(start, at);
    if (integral && number.length() <= 20) {
      try {
        return Long.valueOf(number);
      } catch (NumberFormatException e) {
        return Double.valueOf(number); // beyond 2^63
      }
    }
    double value = Double.parseDouble(number);
    if (!Double.isFinite(value)) {
      throw error("the number " + number + " is out of range");
    }
    return value;
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw error("expected a value");
    }
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw error("expected '" + c + "'");
    }
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private TraceException error(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new TraceException(source + ":" + line + ":" + column + ": " + what);
  }
}
