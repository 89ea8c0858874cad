package org.legosim.reports.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.JsonReader;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ParquetTableWriter;
import org.legosim.reports.table.Table;
import org.legosim.timing.ModelException;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.Metric;

/** Merges the files of finished points into the tables of the result set, in the plan's order. */
final class Merge {
  private static final int DISAGREEING_POINTS_MAX = 100;
  private static final int DISAGREEMENTS_PER_POINT = 12;
  private static final String DISAGREEMENT_COUNT = FixedMetrics.REPLAY_DISAGREEMENTS.name();

  private final Disk disk;
  private final Plan plan;
  private final String planDigest;
  private final Workspace workspace;
  private final Map<String, Column> pointColumns = new LinkedHashMap<>();
  private final Map<String, Metric> metrics = new LinkedHashMap<>();
  private final List<Map<String, Object>> disagreements = new ArrayList<>();

  Merge(Disk disk, Plan plan, String planDigest, Workspace workspace) {
    this.disk = disk;
    this.plan = plan;
    this.planDigest = planDigest;
    this.workspace = workspace;
  }

  /** Writes the tables and returns the manifest. */
  Map<String, Object> run() throws IOException {
    for (PlannedPoint point : plan.points()) {
      collectSchema(read(point));
    }
    Map<String, Object> files = new LinkedHashMap<>();
    List<Output> outputs = new ArrayList<>();
    try {
      for (SetFile file : SetFile.values()) {
        Disk.NewFile bytes = disk.create(workspace.merged().resolve(file.fileName()));
        ParquetTableWriter rows = new ParquetTableWriter(new Unclosed(bytes), columns(file));
        outputs.add(new Output(file, bytes, rows));
      }
      for (PlannedPoint point : plan.points()) {
        PointTables tables = read(point);
        for (Output output : outputs) {
          output.rows().append(tables.table(output.file()));
        }
      }
      for (Output output : outputs) {
        output.rows().close();
        output.bytes().finish();
        files.put(output.file().fileName(), output.facts());
      }
    } finally {
      for (Output output : outputs) {
        output.bytes().close();
      }
    }
    return manifest(files);
  }

  private PointTables read(PlannedPoint point) throws IOException {
    return PointFile.decode(workspace.point(point.id()), planDigest);
  }

  private void collectSchema(PointTables point) {
    for (Column column : point.table(SetFile.POINTS).columns()) {
      Column known = pointColumns.putIfAbsent(column.name(), column);
      if (known != null && !known.equals(column)) {
        throw new ModelException("point " + point.id() + " reports " + column.name() + " as "
            + column.type() + ", another point as " + known.type());
      }
    }
    collectDisagreements(point.id(), point.table(SetFile.POINTS));
    for (Metric metric : point.metrics()) {
      metrics.putIfAbsent(metric.name(), metric);
    }
  }

  /** The manifest names the first disagreements of the first points that have any. */
  private void collectDisagreements(String id, Table points) {
    String name = SetFile.DISAGREEMENTS;
    if (disagreements.size() == DISAGREEING_POINTS_MAX
        || !points.has(name)
        || points.isAbsent(points.position(name), 0)) {
      return;
    }
    Object json = JsonReader.parse(name, points.textAt(points.position(name), 0));
    if (json instanceof List<?> rows && !rows.isEmpty()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("point_id", id);
      if (points.has(DISAGREEMENT_COUNT)) {
        entry.put("count", points.longAt(points.position(DISAGREEMENT_COUNT), 0));
      }
      entry.put("first", rows.subList(0, Math.min(DISAGREEMENTS_PER_POINT, rows.size())));
      disagreements.add(entry);
    }
  }

  /** All points' columns; what describes a run in words comes last. */
  private List<Column> columns(SetFile file) {
    if (file != SetFile.POINTS) {
      return file.fixedColumns();
    }
    List<Column> last = List.of(
        PointTables.LEVELS,
        PointTables.APPROXIMATIONS,
        PointTables.DISAGREEMENTS,
        PointTables.ASSUMED);
    List<Column> columns = new ArrayList<>(pointColumns.values());
    columns.removeAll(last);
    columns.addAll(last);
    return columns;
  }

  private record Output(SetFile file, Disk.NewFile bytes, ParquetTableWriter rows) {
    Map<String, Object> facts() {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("rows", rows.rows());
      facts.put("bytes", bytes.bytes());
      facts.put("sha256", bytes.sha256());
      return facts;
    }
  }

  private Map<String, Object> manifest(Map<String, Object> files) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", Manifest.FORMAT);
    json.put("schemaVersion", Manifest.SCHEMA_VERSION);
    json.put("points", plan.points().size());
    json.putAll(plan.summary());
    List<Map<String, Object>> definitions = new ArrayList<>();
    for (Metric metric : metrics.values()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", metric.name());
      row.put("unit", metric.unit().symbol());
      row.put("definition", metric.definition());
      row.put("identity", metric.identity());
      definitions.add(row);
    }
    json.put("metrics", definitions);
    json.put(SetFile.DISAGREEMENTS, disagreements);
    json.put("files", files);
    return json;
  }

  /** Parquet closes its stream when it is done; the file is still to be forced then. */
  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(java.io.OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
