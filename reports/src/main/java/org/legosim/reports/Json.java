package org.legosim.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON from maps, lists, strings, numbers, booleans and nulls. Members keep the order of their
 * map, so give it maps with one. The bytes do not depend on the JVM or its locale, and the text is
 * safe inside an HTML script element: {@code <}, {@code >} and {@code &} are escaped, and so is what
 * a terminal could act on.
 */
public final class Json {
  private static final int DEEPEST = 64;
  private final Appendable out;
  private final boolean indented;

  private Json(Appendable out, boolean indented) {
    this.out = out;
    this.indented = indented;
  }

  /** Indented by two spaces, with a final line feed. */
  public static String text(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** On one line, without any space. */
  public static String compact(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    try {
      new Json(out, false).value(value, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** As {@link #text}, into {@code out}. */
  public static void write(@Nullable Object value, Appendable out) {
    try {
      new Json(out, true).value(value, 0);
      out.append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void value(@Nullable Object value, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("JSON nested deeper than " + DEEPEST);
    }
    if (value == null || value instanceof Boolean) {
      out.append(String.valueOf(value));
    } else if (value instanceof Map<?, ?> map) {
      object(map, depth);
    } else if (value instanceof List<?> list) {
      array(list, depth);
    } else if (value instanceof Long || value instanceof Integer) {
      out.append(value.toString());
    } else if (value instanceof Double number) {
      out.append(Numbers.exact(number));
    } else if (value instanceof CharSequence || value instanceof Enum<?>) {
      string(value.toString());
    } else {
      throw new IllegalArgumentException(
          "no JSON form for a " + value.getClass().getName());
    }
  }

  private void object(Map<?, ?> map, int depth) throws IOException {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      newLine(depth + 1);
      string(String.valueOf(member.getKey()));
      out.append(indented ? ": " : ":");
      value(member.getValue(), depth + 1);
    }
    if (!first) {
      newLine(depth);
    }
    out.append('}');
  }

  /** Arrays of plain values stay on one line. */
  private void array(List<?> list, int depth) throws IOException {
    boolean flat = list.stream().noneMatch(e -> e instanceof Map || e instanceof List);
    out.append('[');
    boolean first = true;
    for (Object element : list) {
      if (!first) {
        out.append(flat && indented ? ", " : ",");
      }
      first = false;
      if (!flat) {
        newLine(depth + 1);
      }
      value(element, depth + 1);
    }
    if (!first && !flat) {
      newLine(depth);
    }
    out.append(']');
  }

  private void newLine(int depth) throws IOException {
    if (indented) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  private void string(String text) throws IOException {
    out.append('"');
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int chars = Character.charCount(codePoint);
      switch (codePoint) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (mustEscape(codePoint)) {
            for (int c = 0; c < chars; c++) {
              out.append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(i + c)));
            }
          } else {
            out.append(text, i, i + chars);
          }
        }
      }
      i += chars;
    }
    out.append('"');
  }

  private static boolean mustEscape(int codePoint) {
    return codePoint == '<'
        || codePoint == '>'
        || codePoint == '&'
        || Printable.isUnsafe(codePoint);
  }
}
