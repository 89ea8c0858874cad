package org.legosim.reports;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.TraceException;

/** Reads what {@link CsvWriter} wrote, apostrophes taken off, and any other CSV of RFC 4180. */
public final class CsvReader {
  private final String source;
  private final String text;
  private int at;
  private int line = 1;

  private CsvReader(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /**
   * @param source names the file in error messages
   * @throws TraceException when a quoted cell does not end or is followed by anything but a comma
   */
  public static List<List<String>> parse(String source, String text) {
    CsvReader reader = new CsvReader(source, text);
    List<List<String>> rows = new ArrayList<>();
    while (reader.at < text.length()) {
      rows.add(reader.row());
    }
    return rows;
  }

  private List<String> row() {
    List<String> cells = new ArrayList<>();
    do {
      String cell = cell();
      boolean guarded = cell.startsWith("'") && CsvWriter.isActive(cell.substring(1));
      cells.add(guarded ? cell.substring(1) : cell);
    } while (accept(','));
    accept('\r');
    if (at < text.length() && !accept('\n')) {
      throw new TraceException(source + ":" + line + ": text after a quoted cell");
    }
    line++;
    return cells;
  }

  private String cell() {
    if (accept('"')) {
      return quoted();
    }
    int start = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder cell = new StringBuilder();
    int startLine = line;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"' && !accept('"')) {
        return cell.toString();
      }
      if (c == '\n') {
        line++;
      }
      cell.append(c);
    }
    throw new TraceException(source + ":" + startLine + ": a quoted cell does not end");
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
