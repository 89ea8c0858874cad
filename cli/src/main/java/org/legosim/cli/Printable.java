package org.legosim.cli;

import java.util.Locale;

/** Makes untrusted text safe to show on a terminal. */
final class Printable {
  private Printable() {}

  /**
   * Control and formatting characters (which move the cursor, ring, or reverse the reading order)
   * become {@code \xNN} or {@code \x{NNNN}}. A line break stays, and indents what follows it, so that
   * quoted text cannot pass for a line of its own.
   */
  static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(point -> {
      if (point == '\n') {
        shown.append("\n  ");
      } else if (isHarmless(point)) {
        shown.appendCodePoint(point);
      } else if (point <= 0xFF) {
        shown.append(String.format(Locale.ROOT, "\\x%02X", point));
      } else {
        shown.append(String.format(Locale.ROOT, "\\x{%04X}", point));
      }
    });
    return shown.toString();
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
