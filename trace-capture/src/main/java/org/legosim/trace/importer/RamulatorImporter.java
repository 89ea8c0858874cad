package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * Ramulator's formats, told apart line by line: {@code LD|ST ADDRESS} (each counts as an instruction) and the core's
 * {@code BUBBLES LOAD [STORE]}: so many instructions without access, then a load, then perhaps a store that the
 * cache wrote back. Its third format names a DRAM's rank, bank, row and column instead of an address and cannot be
 * a program's trace. Accesses are of one 64-byte line.
 */
public final class RamulatorImporter extends ForeignImporter {
  private static final int LINE_BYTES = 64;

  public RamulatorImporter() {
    super("ramulator");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    char first = firstCharacter(Compression.peek(in, 1 << 12));
    boolean isCoreTrace = first >= '0' && first <= '9';
    LineInput lines = new LineInput(in, name);
    long accesses = 0;
    try (ImportSession session =
        new ImportSession(target, !isCoreTrace, UNKNOWN_ARCHITECTURE, name)) {
      while (lines.nextLine()) {
        if (lines.isAtEnd() || lines.peek() == '#') {
          continue;
        }
        if (isCoreTrace) {
          coreLine(lines, session);
        } else {
          loadStoreLine(lines, session);
        }
        accesses++;
      }
    }
    requireSome(accesses, name);
  }

  private static char firstCharacter(String head) {
    return head.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .findFirst()
        .map(line -> line.charAt(0))
        .orElse('L');
  }

  private static void coreLine(LineInput lines, ImportSession session) {
    long bubbles = lines.decimal("the number of bubbles");
    long load = lines.number("the load's address");
    session.access(AccessKind.LOAD, LINE_BYTES, load, bubbles + 1, Ltrace.NO_PC, lines.place());
    if (!lines.isAtEnd()) {
      long store = lines.number("the store's address");
      session.access(AccessKind.STORE, LINE_BYTES, store, 0, Ltrace.NO_PC, lines.place());
    }
    lines.requireEnd();
  }

  private static void loadStoreLine(LineInput lines, ImportSession session) {
    String operation = lines.word("the operation");
    int kind = switch (operation) {
      case "LD" -> AccessKind.LOAD;
      case "ST" -> AccessKind.STORE;
      case "R", "W" ->
        throw lines.error("names a place in a DRAM (rank, bank, row, column), not an"
            + " address; only LD/ST and core traces can be imported");
      default -> throw lines.error("the operation " + operation + " is neither LD nor ST");
    };
    long address = lines.number("the address");
    lines.requireEnd();
    session.access(kind, LINE_BYTES, address, 1, Ltrace.NO_PC, lines.place());
  }
}
