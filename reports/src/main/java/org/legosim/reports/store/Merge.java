package org.legosim.reports.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ParquetTableWriter;
import org.legosim.timing.ModelException;
import org.legosim.timing.metrics.Metric;

/** Merges the files of finished points into the tables of the result set, in the plan's order. */
final class Merge {
  private final Disk disk;
  private final Plan plan;
  private final String planDigest;
  private final Workspace workspace;
  private final Map<String, Column> pointColumns = new LinkedHashMap<>();
  private final Map<String, Metric> metrics = new LinkedHashMap<>();

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
    for (Metric metric : point.metrics()) {
      metrics.putIfAbsent(metric.name(), metric);
    }
  }

  /** All points' columns; what describes a run in words comes last. */
  private List<Column> columns(SetFile file) {
    if (file != SetFile.POINTS) {
      return file.fixedColumns();
    }
    List<Column> last =
        List.of(PointTables.LEVELS, PointTables.APPROXIMATIONS, PointTables.ASSUMED);
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
