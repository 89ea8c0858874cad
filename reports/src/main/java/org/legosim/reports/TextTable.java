package org.legosim.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for a terminal: text to the left, numbers to the right, two spaces between columns. */
public final class TextTable {
  private static final String GAP = "  ";
  private final List<String> headers;
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] numeric;

  public TextTable(String... headers) {
    this(Arrays.asList(headers));
  }

  public TextTable(List<String> headers) {
    this.headers = headers.stream().map(Printable::of).toList();
    numeric = new boolean[headers.size()];
    Arrays.fill(numeric, true);
  }

  /** One cell per header; a column whose cells all look like numbers is aligned to the right. */
  public TextTable row(String... cells) {
    return row(Arrays.asList(cells));
  }

  public TextTable row(List<String> cells) {
    if (cells.size() != headers.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells under " + headers.size() + " headers");
    }
    for (int i = 0; i < cells.size(); i++) {
      numeric[i] &= cells.get(i).isEmpty() || looksNumeric(cells.get(i));
    }
    rows.add(cells.stream().map(Printable::of).toList());
    return this;
  }

  /** Headers, a rule and the rows, each line ended by a line feed and without trailing spaces. */
  @Override
  public String toString() {
    int[] widths = new int[headers.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(headers.get(i));
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder out = new StringBuilder();
    line(out, headers, widths);
    line(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
    rows.forEach(row -> line(out, row, widths));
    return out.toString();
  }

  private void line(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(cells.get(i)));
      line.append(i == 0 ? "" : GAP);
      line.append(numeric[i] ? padding + cells.get(i) : cells.get(i) + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** A number, perhaps with a unit: {@code 12.5 us}, {@code 25 %}, {@code -}. */
  private static boolean looksNumeric(String cell) {
    boolean signed = cell.startsWith("-") || cell.startsWith("+");
    String digits = signed ? cell.substring(1) : cell;
    return cell.equals("-") || (!digits.isEmpty() && "0123456789".indexOf(digits.charAt(0)) >= 0);
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
