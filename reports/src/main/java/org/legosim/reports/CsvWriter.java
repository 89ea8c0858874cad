package org.legosim.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes CSV (RFC 4180 quoting, line feeds) that a spreadsheet cannot take for formulas: a text cell
 * that begins with a character a spreadsheet acts on gets a leading apostrophe, which {@link
 * CsvReader} takes off again. Numbers are written by the number formatter and need none, so -1.5
 * stays a number.
 */
public final class CsvWriter {
  /** The last four are the full-width forms of the first four. */
  private static final String ACTIVE = "=+-@\t\r\n\0'\uff1d\uff0b\uff0d\uff20";

  private final Appendable out;
  private boolean atRowStart = true;

  public CsvWriter(Appendable out) {
    this.out = out;
  }

  /** A whole row of text. */
  public CsvWriter row(List<String> cells) {
    cells.forEach(this::text);
    return endRow();
  }

  public CsvWriter text(String cell) {
    boolean active = isActive(cell);
    boolean quoted = active || cell.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ');
    String guarded = active ? "'" + cell : cell;
    return cell(quoted ? '"' + guarded.replace("\"", "\"\"") + '"' : guarded);
  }

  public CsvWriter number(long value) {
    return cell(Long.toString(value));
  }

  public CsvWriter number(double value) {
    return cell(Numbers.exact(value));
  }

  /** A cell without a value. */
  public CsvWriter empty() {
    return cell("");
  }

  public CsvWriter endRow() {
    append("\n");
    atRowStart = true;
    return this;
  }

  /** Whether the writer puts an apostrophe before this text. */
  static boolean isActive(String cell) {
    return !cell.isEmpty() && ACTIVE.indexOf(cell.charAt(0)) >= 0;
  }

  private CsvWriter cell(String text) {
    if (!atRowStart) {
      append(",");
    }
    atRowStart = false;
    append(text);
    return this;
  }

  private void append(String text) {
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
