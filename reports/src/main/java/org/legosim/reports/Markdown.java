package org.legosim.reports;

/** Escapes untrusted text for Markdown: it stays the text it is, in one table cell. */
public final class Markdown {
  private static final String ACTIVE = "\\`*_{}[]#+-!|~$^:";

  private Markdown() {}

  /** Every character that Markdown, a table or HTML inside it could act on is neutralised. */
  public static String cell(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    String printable = Printable.of(text);
    for (int i = 0; i < printable.length(); i++) {
      char c = printable.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '@' -> out.append("&#64;"); // no mention of a user
        default -> {
          boolean wordInside = i > 0 && (c == '_' || c == '-');
          if (isActive(c) && !(wordInside && isPlain(printable, i))) {
            out.append('\\');
          }
          out.append(c);
        }
      }
    }
    return out.toString();
  }

  /** As {@link #cell}, in a code span. */
  public static String code(String text) {
    return "`" + Printable.of(text).replace('`', '\'').replace("|", "\\|") + "`";
  }

  private static boolean isActive(char c) {
    return ACTIVE.indexOf(c) >= 0;
  }

  /** Between two letters or digits these characters mean nothing to Markdown. */
  private static boolean isPlain(String text, int at) {
    return at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at - 1))
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }
}
