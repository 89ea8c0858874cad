package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/** Ramulator's load-store format: a line for each 64-byte line that an access touches. */
final class RamulatorExporter extends LineExporter {
  RamulatorExporter() {
    super(
        "ramulator",
        "sizes, instruction counts, threads, sites, mappings, and system calls and other events");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out) {
    return row -> {
      for (int i = 0; i < lines(row); i++) {
        if (reads(row)) {
          put(out, "LD 0x", line(row, i));
        }
        if (AccessKind.writes(row.kind)) {
          put(out, "ST 0x", line(row, i));
        }
      }
    };
  }

  private static void put(AsciiOutput out, String operation, long address) throws IOException {
    out.text(operation).hex(address, 1).put('\n');
  }
}
