package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * DRAMsim's format: lines of {@code ADDRESS OPERATION CYCLE}, one per 64-byte transaction. The cycles are times of
 * arrival at the memory controller; a trace of a program has none, so they are checked and dropped.
 */
public final class DramsimImporter extends ForeignImporter {
  private static final int LINE_BYTES = 64;

  public DramsimImporter() {
    super("dramsim");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    LineInput lines = new LineInput(in, name);
    long accesses = 0;
    long lastCycle = 0;
    try (ImportSession session = new ImportSession(target, true, UNKNOWN_ARCHITECTURE, name)) {
      while (lines.nextLine()) {
        if (lines.isAtEnd() || lines.peek() == '#') {
          continue;
        }
        long address = lines.hex("the address");
        int kind = kindOf(lines.word("the operation"), lines);
        long cycle = lines.decimal("the cycle");
        if (cycle < lastCycle) {
          throw lines.error("cycle " + cycle + " comes after cycle " + lastCycle);
        }
        lastCycle = cycle;
        session.access(kind, LINE_BYTES, address, 1, Ltrace.NO_PC, lines.place());
        accesses++;
      }
    }
    requireSome(accesses, name);
  }

  private static int kindOf(String operation, LineInput lines) {
    return switch (operation) {
      case "READ", "P_MEM_RD", "P_FETCH", "read" -> AccessKind.LOAD;
      case "WRITE", "P_MEM_WR", "BOFF", "write" -> AccessKind.STORE;
      default ->
        throw lines.error("the operation " + operation
            + " is not one of READ, WRITE, P_MEM_RD, P_MEM_WR, P_FETCH, BOFF");
    };
  }
}
