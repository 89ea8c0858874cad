package org.legosim.reports.table;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows in typed columns, in memory. */
public final class Table {
  private static final int FIRST_CAPACITY = 16;
  private static final int NO_COLUMN = -1;

  private final List<Column> columns;
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private final Object[] values;
  private final BitSet[] absent;
  private int rows;
  private int capacity = FIRST_CAPACITY;

  public Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
    values = new Object[columns.size()];
    absent = new BitSet[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      if (positions.put(column.name(), i) != null) {
        throw new IllegalArgumentException("two columns are named " + column.name());
      }
      absent[i] = new BitSet();
      values[i] = switch (column.type()) {
        case LONG -> new long[capacity];
        case DOUBLE -> new double[capacity];
        case TEXT -> new String[capacity];
      };
    }
  }

  public List<Column> columns() {
    return columns;
  }

  public int rows() {
    return rows;
  }

  public boolean has(String column) {
    return positions.containsKey(column);
  }

  /** Position of a column that must be there. */
  public int position(String column) {
    int position = positions.getOrDefault(column, NO_COLUMN);
    if (position == NO_COLUMN) {
      throw new IllegalArgumentException("no column is named " + column);
    }
    return position;
  }

  /** Appends a row: one {@code Long}, {@code Double}, {@code String} or null per column. */
  public void add(@Nullable Object... row) {
    if (row.length != values.length) {
      throw new IllegalArgumentException(row.length + " values for " + values.length + " columns");
    }
    int at = addRow();
    for (int i = 0; i < row.length; i++) {
      set(i, at, row[i]);
    }
  }

  /** Appends a row without values and returns its number. */
  int addRow() {
    if (rows == capacity) {
      capacity = Math.multiplyExact(capacity, 2);
      for (int i = 0; i < values.length; i++) {
        values[i] = grown(i);
      }
    }
    for (BitSet bits : absent) {
      bits.set(rows);
    }
    return rows++;
  }

  void setLong(int column, int row, long value) {
    ((long[]) values[column])[row] = value;
    absent[column].clear(row);
  }

  void setDouble(int column, int row, double value) {
    ((double[]) values[column])[row] = value;
    absent[column].clear(row);
  }

  void setText(int column, int row, String value) {
    ((String[]) values[column])[row] = value;
    absent[column].clear(row);
  }

  private void set(int column, int row, @Nullable Object value) {
    if (value == null) {
      return;
    }
    switch (columns.get(column).type()) {
      case LONG -> setLong(column, row, (Long) value);
      case DOUBLE -> setDouble(column, row, (Double) value);
      case TEXT -> setText(column, row, (String) value);
    }
  }

  public boolean isAbsent(int column, int row) {
    return absent[column].get(row);
  }

  public long longAt(int column, int row) {
    return ((long[]) values[column])[row];
  }

  /** The value of a numeric column, whatever its type. */
  public double doubleAt(int column, int row) {
    return columns.get(column).type() == ColumnType.LONG
        ? longAt(column, row)
        : ((double[]) values[column])[row];
  }

  public String textAt(int column, int row) {
    String text = ((@Nullable String[]) values[column])[row];
    return text == null ? "" : text;
  }

  /** The value as {@code Long}, {@code Double} or {@code String}; null when it is absent. */
  public @Nullable Object at(int column, int row) {
    if (isAbsent(column, row)) {
      return null;
    }
    return switch (columns.get(column).type()) {
      case LONG -> (Object) longAt(column, row);
      case DOUBLE -> (Object) doubleAt(column, row);
      case TEXT -> textAt(column, row);
    };
  }

  private Object grown(int column) {
    return switch (columns.get(column).type()) {
      case LONG -> Arrays.copyOf((long[]) values[column], capacity);
      case DOUBLE -> Arrays.copyOf((double[]) values[column], capacity);
      case TEXT -> Arrays.copyOf((String[]) values[column], capacity);
    };
  }
}
