package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import org.legosim.timing.trace.AccessKind;

/**
 * The output of Pin's example tool pinatrace: {@code 0xPC: R 0xADDRESS} and {@code 0xPC: W 0xADDRESS}, ended by
 * {@code #eof}. It tells neither sizes (eight bytes are assumed) nor instruction counts.
 */
public final class PinatraceImporter extends ForeignImporter {
  private static final int ASSUMED_BYTES = 8;

  public PinatraceImporter() {
    super("pinatrace");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    LineInput lines = new LineInput(in, name);
    long accesses = 0;
    try (ImportSession session = new ImportSession(target, true, X86_64, name)) {
      while (lines.nextLine()) {
        if (lines.isAtEnd() || lines.peek() == '#') {
          continue;
        }
        long pc = lines.hex("the instruction's address");
        lines.expect(':');
        int kind = lines.accept('R') ? AccessKind.LOAD : AccessKind.STORE;
        if (kind == AccessKind.STORE) {
          lines.expect('W');
        }
        long address = lines.hex("the address");
        lines.requireEnd();
        session.access(kind, ASSUMED_BYTES, address, 1, pc, lines.place());
        accesses++;
      }
    }
    requireSome(accesses, name);
  }
}
