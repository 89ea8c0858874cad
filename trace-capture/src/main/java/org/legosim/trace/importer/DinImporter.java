package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * Dinero's format: lines of {@code LABEL ADDRESS [BYTES]}, the address in hexadecimal. Labels: 0 read, 1 write, 2
 * instruction fetch, 3 miscellaneous, 4 flush; the last two access no memory and are passed over. Where a file holds fetches,
 * each is one instruction; else each access counts as one. Accesses without a size have four bytes, as Dinero takes them.
 */
public final class DinImporter extends ForeignImporter {
  private static final int DEFAULT_BYTES = 4;
  private static final int LOOK_AHEAD_BYTES = 1 << 15;

  public DinImporter() {
    super("din");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    boolean hasFetches = Compression.peek(in, LOOK_AHEAD_BYTES)
        .lines()
        .anyMatch(line -> line.strip().startsWith("2 "));
    LineInput lines = new LineInput(in, name);
    long accesses = 0;
    try (ImportSession session =
        new ImportSession(target, !hasFetches, UNKNOWN_ARCHITECTURE, name)) {
      while (lines.nextLine()) {
        if (lines.isAtEnd() || lines.peek() == '#') {
          continue;
        }
        long label = lines.decimal("the label");
        long address = lines.hex("the address");
        boolean hasSize = Character.digit(lines.peek(), 10) > 0;
        long bytes = hasSize ? lines.decimal("the size") : DEFAULT_BYTES;
        int kind = kindOf(label, lines);
        if (kind >= 0) {
          long instructions = hasFetches && kind != AccessKind.FETCH ? 0 : 1;
          long pc = kind == AccessKind.FETCH ? address : Ltrace.NO_PC;
          session.access(kind, bytes, address, instructions, pc, lines.place());
          accesses++;
        }
      }
    }
    requireSome(accesses, name);
  }

  private static int kindOf(long label, LineInput lines) {
    if (label > 4) {
      throw lines.error("label " + label + " is not one of 0 read, 1 write, 2 fetch, 3, 4");
    }
    return switch ((int) label) {
      case 0 -> AccessKind.LOAD;
      case 1 -> AccessKind.STORE;
      case 2 -> AccessKind.FETCH;
      default -> -1;
    };
  }
}
