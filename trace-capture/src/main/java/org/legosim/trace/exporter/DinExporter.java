package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/** Dinero's format with sizes. An atomic access is a read and a write. */
final class DinExporter extends LineExporter {
  DinExporter() {
    super("din", "threads, instruction counts, sites, mappings, and system calls and other events");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out) {
    return row -> {
      if (reads(row)) {
        line(out, row.kind == AccessKind.FETCH ? '2' : '0', row);
      }
      if (AccessKind.writes(row.kind)) {
        line(out, '1', row);
      }
    };
  }

  private static void line(AsciiOutput out, char label, AccessWalk.Row row) throws IOException {
    out.put(label).put(' ').hex(row.address, 1).put(' ').decimal(row.bytes).put('\n');
  }
}
