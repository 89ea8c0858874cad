package org.legosim.reports.table;

/**
 * A column's place in a schema.
 *
 * @param name snake_case, or the dotted name of a configuration key
 */
public record Column(String name, ColumnType type) {}
