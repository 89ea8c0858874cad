package org.legosim.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.ParquetTableWriter;
import org.legosim.reports.table.Table;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.exporter.TraceExporter;

/** A Parquet table with a row for each access. Addresses are signed, as Parquet's 64-bit integers are. */
final class ParquetExporter implements TraceExporter {
  static final String FORMAT = "parquet";

  static final List<Column> COLUMNS = List.of(
      new Column("pid", ColumnType.LONG),
      new Column("tid", ColumnType.LONG),
      new Column("kind", ColumnType.TEXT),
      new Column("address", ColumnType.LONG),
      new Column("bytes", ColumnType.LONG),
      new Column("instructions", ColumnType.LONG),
      new Column("pc", ColumnType.LONG));

  /** By the numbers of {@link org.legosim.timing.trace.AccessKind}. */
  static final List<String> KINDS = List.of("fetch", "load", "store", "atomic");

  private static final int BATCH_ROWS = 1 << 13;

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public String leavesOut() {
    return "mappings, system calls and other events, and the registers of sites";
  }

  @Override
  public void write(LtraceFile trace, OptionalInt thread, OutputStream out) throws IOException {
    try (ParquetTableWriter writer = new ParquetTableWriter(out, COLUMNS)) {
      Rows rows = new Rows(writer);
      AccessWalk.over(trace, thread, rows);
      rows.flush();
    }
  }

  private static final class Rows implements AccessWalk.Visitor {
    private final ParquetTableWriter writer;
    private Table table = new Table(COLUMNS);

    Rows(ParquetTableWriter writer) {
      this.writer = writer;
    }

    @Override
    public void take(AccessWalk.Row row) throws IOException {
      table.add(
          (long) row.pid,
          (long) row.tid,
          KINDS.get(row.kind),
          row.address,
          (long) row.bytes,
          row.instructions,
          row.isPcKnown ? (Long) row.pc : null);
      if (table.rows() == BATCH_ROWS) {
        flush();
      }
    }

    void flush() throws IOException {
      writer.append(table);
      table = new Table(COLUMNS);
    }
  }
}
