package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.TextTable;
import org.legosim.timing.results.NodeRow;

/** The figures of single nodes: a table for each kind of node, and the same as JSON. */
final class NodeTables {
  private NodeTables() {}

  /** {@code {"P0": {"accesses": ...}, ...}}. */
  static Map<String, Map<String, Long>> json(List<NodeRow> rows) {
    Map<String, Map<String, Long>> nodes = new LinkedHashMap<>();
    for (NodeRow row : rows) {
      nodes.computeIfAbsent(row.node(), node -> new LinkedHashMap<>()).put(row.name(), row.value());
    }
    return nodes;
  }

  static String text(List<NodeRow> rows) {
    StringBuilder text = new StringBuilder();
    List<String> columns = List.of();
    TextTable table = new TextTable("node");
    for (Map.Entry<String, Map<String, Long>> node : json(rows).entrySet()) {
      List<String> own = List.copyOf(node.getValue().keySet());
      if (!own.equals(columns)) {
        text.append(columns.isEmpty() ? "" : table + "\n");
        columns = own;
        List<String> header = new ArrayList<>(List.of("node"));
        header.addAll(own);
        table = new TextTable(header.toArray(new String[0]));
      }
      List<String> cells = new ArrayList<>(List.of(node.getKey()));
      node.getValue().values().forEach(value -> cells.add(Long.toString(value)));
      table.row(cells.toArray(new String[0]));
    }
    return text.append(table).toString();
  }
}
