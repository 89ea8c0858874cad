package org.legosim.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.legosim.reports.table.Column;
import org.legosim.reports.table.ColumnType;
import org.legosim.reports.table.ParquetTableReader;
import org.legosim.reports.table.Table;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.TraceImporter;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.importer.ImportSession;

/**
 * A Parquet table with a row for each access, as {@link ParquetExporter} writes it. All columns but the address may be missing:
 * then accesses are loads of eight bytes and one instruction, of one thread.
 */
public final class ParquetImporter implements TraceImporter {
  private static final String MAGIC = "PAR1";
  private static final int DEFAULT_BYTES = 8;
  private static final int NONE = -1;
  private static final int ONLY_PID = 1;
  private static final int UNKNOWN_ARCHITECTURE = 0;

  @Override
  public String format() {
    return ParquetExporter.FORMAT;
  }

  @Override
  public boolean recognises(byte[] head, int length) {
    return length >= MAGIC.length()
        && new String(head, 0, MAGIC.length(), StandardCharsets.ISO_8859_1).equals(MAGIC);
  }

  @Override
  public void convert(InputStream in, String name, Target target) {
    try {
      // The tables' places stand at the file's end: it has to be a file.
      Path file = Files.createTempFile("legosim-", ".parquet");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        read(file, name, target);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void read(Path file, String name, Target target) {
    List<Column> columns;
    try {
      columns = ParquetTableReader.schema(file);
    } catch (TraceException e) {
      throw renamed(e, file, name);
    }
    requireColumns(columns, name);
    boolean areAssumed = columns.stream().noneMatch(c -> c.name().equals("instructions"));
    long[] rows = new long[1];
    try (ImportSession session =
        new ImportSession(target, areAssumed, UNKNOWN_ARCHITECTURE, name)) {
      ParquetTableReader.scan(file, table -> {
        new Rows(table, session, name).add(rows[0]);
        rows[0] += table.rows();
      });
    } catch (TraceException e) {
      throw renamed(e, file, name);
    }
    if (rows[0] == 0) {
      throw new TraceException(name + ": holds no access");
    }
  }

  /** The user knows the file by its own name. */
  private static TraceException renamed(TraceException e, Path file, String name) {
    return new TraceException(String.valueOf(e.getMessage()).replace(file.toString(), name), e);
  }

  private static void requireColumns(List<Column> columns, String name) {
    for (Column wanted : ParquetExporter.COLUMNS) {
      boolean isThere = columns.stream().anyMatch(c -> c.name().equals(wanted.name()));
      boolean isRight = columns.contains(wanted);
      if (isThere && !isRight) {
        throw new TraceException(name + ": the column " + wanted.name() + " does not hold "
            + (wanted.type() == ColumnType.TEXT ? "text" : "whole numbers"));
      }
      if (!isThere && wanted.name().equals("address")) {
        throw new TraceException(name + ": has no column named address; it has "
            + String.join(", ", columns.stream().map(Column::name).toList()));
      }
    }
  }

  private static final class Rows {
    private final Table table;
    private final ImportSession session;
    private final String name;
    private final int pid;
    private final int tid;
    private final int kind;
    private final int address;
    private final int bytes;
    private final int instructions;
    private final int pc;

    Rows(Table table, ImportSession session, String name) {
      this.table = table;
      this.session = session;
      this.name = name;
      pid = position("pid");
      tid = position("tid");
      kind = position("kind");
      address = position("address");
      bytes = position("bytes");
      instructions = position("instructions");
      pc = position("pc");
    }

    private int position(String column) {
      return table.has(column) ? table.position(column) : NONE;
    }

    void add(long rowsBefore) {
      for (int row = 0; row < table.rows(); row++) {
        String place = name + ": row " + (rowsBefore + row);
        if (table.isAbsent(address, row)) {
          throw new TraceException(place + ": has no address");
        }
        int process = identifier(number(pid, row, ONLY_PID), place);
        session.switchTo(process, identifier(number(tid, row, process), place));
        session.access(
            kindOf(row, place),
            number(bytes, row, DEFAULT_BYTES),
            table.longAt(address, row),
            count(number(instructions, row, 1), place),
            number(pc, row, Ltrace.NO_PC),
            place);
      }
    }

    private long number(int column, int row, long missing) {
      return column == NONE || table.isAbsent(column, row) ? missing : table.longAt(column, row);
    }

    private int kindOf(int row, String place) {
      if (kind == NONE || table.isAbsent(kind, row)) {
        return AccessKind.LOAD;
      }
      int found = ParquetExporter.KINDS.indexOf(table.textAt(kind, row));
      if (found < 0) {
        throw new TraceException(place + ": the kind '" + table.textAt(kind, row)
            + "' is not one of " + String.join(", ", ParquetExporter.KINDS));
      }
      return found;
    }

    private static int identifier(long value, String place) {
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new TraceException(place + ": " + value + " cannot number a process or thread");
      }
      return (int) value;
    }

    private static long count(long value, String place) {
      if (value < 0) {
        throw new TraceException(place + ": " + value + " instructions cannot be");
      }
      return value;
    }
  }
}
