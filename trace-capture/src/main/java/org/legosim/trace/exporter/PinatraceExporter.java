package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/** The output of Pin's example tool pinatrace. An atomic access is a read and a write; fetches have no line. */
final class PinatraceExporter extends LineExporter {
  PinatraceExporter() {
    super(
        "pinatrace",
        "sizes, instruction counts, threads, fetches, mappings, and system calls and other events; an unknown"
            + " instruction is 0x0");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out) {
    return row -> {
      if (row.kind == AccessKind.FETCH) {
        return;
      }
      if (reads(row)) {
        line(out, row, ": R 0x");
      }
      if (AccessKind.writes(row.kind)) {
        line(out, row, ": W 0x");
      }
    };
  }

  private static void line(AsciiOutput out, AccessWalk.Row row, String operation)
      throws IOException {
    out.text("0x").hex(row.pc, 1).text(operation).hex(row.address, 1).put('\n');
  }

  @Override
  void end(AsciiOutput out) throws IOException {
    out.text("#eof\n");
  }
}
