package org.legosim.reports;

import java.util.Locale;

/**
 * Shows untrusted text on one line of a terminal or log: control characters, separators and
 * direction marks appear as {@code \xNN} or {@code \\u{NNNN}} and can move no cursor, colour no
 * screen and reorder no text.
 */
public final class Printable {
  private Printable() {}

  public static String of(String text) {
    int first = firstUnsafe(text);
    if (first == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (!isUnsafe(codePoint)) {
        out.appendCodePoint(codePoint);
      } else {
        out.append(shown(codePoint));
      }
      i += Character.charCount(codePoint);
    }
    return out.toString();
  }

  static String shown(int codePoint) {
    String form = codePoint < 0x100 ? "\\x%02x" : "\\u{%x}";
    return String.format(Locale.ROOT, form, codePoint);
  }

  /** Control, format and separator characters and lone surrogates. */
  static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  private static int firstUnsafe(String text) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (isUnsafe(codePoint)) {
        return i;
      }
      i += Character.charCount(codePoint);
    }
    return text.length();
  }
}
