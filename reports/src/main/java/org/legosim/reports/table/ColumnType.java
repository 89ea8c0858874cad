package org.legosim.reports.table;

/** What a column holds; any value may be absent. */
public enum ColumnType {
  LONG,
  DOUBLE,
  TEXT
}
