package org.legosim.reports;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/**
 * The one writer of HTML, SVG and XML. Names of elements and attributes come from the program,
 * values and text from anywhere: they are escaped for every context, and what XML cannot carry is
 * shown as text. Elements must nest.
 */
public final class Markup {
  private static final Set<String> VOID = Set.of("meta", "br", "hr", "col", "wbr");
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private final boolean html;

  private Markup(boolean html, String prologue) {
    this.html = html;
    out.append(prologue);
  }

  public static Markup html() {
    return new Markup(true, "<!DOCTYPE html>\n");
  }

  /** A part of an HTML document, for {@link #append}. */
  public static Markup fragment() {
    return new Markup(true, "");
  }

  public static Markup xml() {
    return new Markup(false, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  }

  /**
   * Opens an element.
   *
   * @param attributes names and values by turns
   */
  public Markup start(String element, String... attributes) {
    tag(element, attributes);
    if (html && VOID.contains(element)) {
      out.append('>');
    } else {
      out.append('>');
      open.push(element);
    }
    return this;
  }

  /** An element with nothing in it. */
  public Markup empty(String element, String... attributes) {
    return html && VOID.contains(element)
        ? start(element, attributes)
        : start(element, attributes).end();
  }

  /** An element with text in it. */
  public Markup element(String element, String text, String... attributes) {
    return start(element, attributes).text(text).end();
  }

  /** Closes the innermost open element. */
  public Markup end() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  public Markup text(String text) {
    escape(text, false);
    return this;
  }

  /** What another writer wrote, its elements closed. */
  public Markup append(Markup other) {
    out.append(other);
    return this;
  }

  public Markup newLine() {
    out.append('\n');
    return this;
  }

  /** A style or script of the program's own, as it stands; it must not close its element. */
  public Markup own(String element, String content) {
    if (content.toLowerCase(Locale.ROOT).contains("</")) {
      throw new IllegalArgumentException("a " + element + " that would end early");
    }
    tag(element);
    out.append('>').append(content).append("</").append(element).append('>');
    return this;
  }

  private void tag(String element, String... attributes) {
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1], true);
      out.append('"');
    }
  }

  private void escape(String text, boolean attribute) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      switch (codePoint) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append(attribute ? "&quot;" : "\"");
        case '\'' -> out.append(attribute ? "&#39;" : "'");
        case '\n' -> out.append(attribute ? "&#10;" : "\n");
        default -> {
          boolean carried = !Printable.isUnsafe(codePoint) && (codePoint & 0xfffe) != 0xfffe;
          if (carried) {
            out.appendCodePoint(codePoint);
          } else {
            out.append(Printable.shown(codePoint));
          }
        }
      }
      i += Character.charCount(codePoint);
    }
  }

  /** The document; every element must be closed. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements are open: " + open);
    }
    return out.toString();
  }
}
