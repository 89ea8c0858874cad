package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * Tables: the first line names the columns, each further line is an access. Known columns, all but the place optional:
 *
 * <ul>
 *   <li>the place: {@code address} (bytes), {@code page} (of 4096 bytes) or {@code lbn} (blocks of 512 bytes)
 *   <li>{@code kind} or {@code op}: R, W, L, S, A, I, read, write, load, store, atomic, fetch; loads without it
 *   <li>{@code bytes} or {@code size}: 8 without it
 *   <li>{@code instructions} since the thread's previous access: 1 without it
 *   <li>{@code pid} or {@code process}; {@code tid} or {@code thread}
 *   <li>{@code pc}: the instruction's address; an empty one is not known
 * </ul>
 *
 * {@code time}, {@code timestamp} and {@code version} are passed over. Numbers are decimal, or hexadecimal with 0x.
 */
public final class CsvImporter extends ForeignImporter {
  private enum Column {
    ADDRESS,
    PAGE,
    BLOCK,
    KIND,
    BYTES,
    INSTRUCTIONS,
    PROCESS,
    THREAD,
    PC,
    IGNORED
  }

  private static final Map<String, Column> NAMES = Map.ofEntries(
      Map.entry("address", Column.ADDRESS),
      Map.entry("page", Column.PAGE),
      Map.entry("lbn", Column.BLOCK),
      Map.entry("kind", Column.KIND),
      Map.entry("op", Column.KIND),
      Map.entry("bytes", Column.BYTES),
      Map.entry("size", Column.BYTES),
      Map.entry("instructions", Column.INSTRUCTIONS),
      Map.entry("pid", Column.PROCESS),
      Map.entry("process", Column.PROCESS),
      Map.entry("tid", Column.THREAD),
      Map.entry("thread", Column.THREAD),
      Map.entry("pc", Column.PC),
      Map.entry("time", Column.IGNORED),
      Map.entry("timestamp", Column.IGNORED),
      Map.entry("version", Column.IGNORED));

  private static final int BLOCK_SHIFT = 9;
  private static final int DEFAULT_BYTES = 8;

  public CsvImporter() {
    super("csv");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    LineInput lines = new LineInput(in, name);
    if (!lines.nextLine()) {
      throw new TraceException(name + ": is empty; the first line must name the columns");
    }
    List<Column> columns = header(lines);
    boolean areAssumed = !columns.contains(Column.INSTRUCTIONS);
    long accesses = 0;
    try (ImportSession session =
        new ImportSession(target, areAssumed, UNKNOWN_ARCHITECTURE, name)) {
      Row row = new Row();
      while (lines.nextLine()) {
        if (!lines.isAtEnd()) {
          row.read(lines, columns);
          row.addTo(session, lines.place());
          accesses++;
        }
      }
    }
    requireSome(accesses, name);
  }

  private static List<Column> header(LineInput lines) {
    List<Column> columns = new ArrayList<>();
    int places = 0;
    for (String word : lines.line().split(",", -1)) {
      Column column = NAMES.get(word.strip().toLowerCase(Locale.ROOT));
      if (column == null) {
        throw lines.error("the column '" + word.strip() + "' is not one of "
            + String.join(", ", NAMES.keySet().stream().sorted().toList()));
      }
      if (column != Column.IGNORED && columns.contains(column)) {
        throw lines.error("two columns mean the same as '" + word.strip() + "'");
      }
      columns.add(column);
      places += column == Column.ADDRESS || column == Column.PAGE || column == Column.BLOCK ? 1 : 0;
    }
    if (places != 1) {
      throw lines.error("one column must be the place: address, page or lbn");
    }
    return columns;
  }

  private static final class Row {
    private long address;
    private int kind;
    private long bytes;
    private long instructions;
    private long pid;
    private long tid;
    private long pc;

    void read(LineInput lines, List<Column> columns) {
      kind = AccessKind.LOAD;
      bytes = DEFAULT_BYTES;
      instructions = 1;
      pid = ONLY_PID;
      tid = 0;
      pc = Ltrace.NO_PC;
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          lines.expect(',');
        }
        take(columns.get(i), lines);
      }
      lines.requireEnd();
    }

    private void take(Column column, LineInput lines) {
      switch (column) {
        case ADDRESS -> address = lines.number("the address");
        case PAGE -> address = lines.number("the page") << Ltrace.PAGE_SHIFT;
        case BLOCK -> address = lines.number("the block") << BLOCK_SHIFT;
        case KIND -> kind = kindOf(lines);
        case BYTES -> bytes = lines.number("the size");
        case INSTRUCTIONS -> instructions = lines.number("the number of instructions");
        case PROCESS -> pid = identifier(lines.number("the process"), lines);
        case THREAD -> tid = identifier(lines.number("the thread"), lines);
        case PC -> {
          if (!lines.isAtEnd() && lines.peek() != ',') {
            pc = lines.number("the instruction's address");
          }
        }
        case IGNORED -> lines.field();
      }
    }

    private static long identifier(long value, LineInput lines) {
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw lines.error(value + " cannot number a process or thread");
      }
      return value;
    }

    private static int kindOf(LineInput lines) {
      String word = lines.field().toLowerCase(Locale.ROOT);
      return switch (word) {
        case "r", "l", "read", "load", "0" -> AccessKind.LOAD;
        case "w", "s", "write", "store", "1" -> AccessKind.STORE;
        case "a", "atomic" -> AccessKind.ATOMIC;
        case "i", "fetch", "2" -> AccessKind.FETCH;
        default ->
          throw lines.error("the kind '" + word + "' is not one of R W L S A I read write load"
              + " store atomic fetch");
      };
    }

    void addTo(ImportSession session, String place) {
      session.switchTo((int) pid, tid == 0 ? (int) pid : (int) tid);
      session.access(kind, bytes, address, instructions, pc, place);
    }
  }
}
