package org.legosim.experiments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.CsvReader;
import org.legosim.timing.TraceException;

/** Reads measured points: CSV with the columns of {@code configs/validation/README.md}. */
public final class MeasuredTable {
  private static final List<String> COLUMNS = List.of(
      "experiment", "parameters", "metric", "unit", "value", "tolerance_pct", "platform", "source");
  private static final long BYTES_MAX = 64L << 20;

  private MeasuredTable() {}

  public static List<MeasuredRow> read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new TraceException(file + ": " + Files.size(file)
            + " bytes; a table of measured points has at most " + BYTES_MAX);
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TraceException(
          "cannot read measured points from " + file + ": " + e.getMessage()
              + "; expected a CSV file with the columns " + String.join(",", COLUMNS),
          e);
    }
  }

  static List<MeasuredRow> parse(String name, String text) {
    List<List<String>> lines = CsvReader.parse(name, text);
    if (lines.isEmpty() || !lines.get(0).equals(COLUMNS)) {
      throw new TraceException(
          name + ":1: the first line must name the columns " + String.join(",", COLUMNS));
    }
    List<MeasuredRow> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String place = name + ":" + (i + 1);
      List<String> cells = lines.get(i);
      if (cells.size() == 1 && cells.get(0).isBlank()) {
        continue;
      }
      if (cells.size() != COLUMNS.size()) {
        throw new TraceException(
            place + ": " + cells.size() + " cells, expected " + COLUMNS.size());
      }
      rows.add(new MeasuredRow(
          cells.get(0),
          parameters(place, cells.get(1)),
          cells.get(2),
          cells.get(3),
          number(place, "value", cells.get(4)),
          number(place, "tolerance_pct", cells.get(5)),
          cells.get(6),
          cells.get(7),
          place));
    }
    return rows;
  }

  private static Map<String, String> parameters(String place, String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : text.split(";")) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new TraceException(place + ": '" + part + "' is not of the form key=value");
      }
      parameters.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return parameters;
  }

  private static double number(String place, String column, String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below with its place
    }
    throw new TraceException(place + ": " + column + " is not a number: '" + text + "'");
  }
}
