package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/**
 * DRAMsim's format: a transaction for each 64-byte line that an access touches. A program's trace has no time of arrival; the
 * cycle is the number of instructions that all threads have retired so far, as if each took one. No cache is between the program and
 * the memory here.
 */
final class DramsimExporter extends LineExporter {
  DramsimExporter() {
    super(
        "dramsim",
        "sizes, threads, sites, mappings, and system calls and other events; the cycle is the count of"
            + " instructions");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out) {
    return new AccessWalk.Visitor() {
      private long cycle;

      @Override
      public void take(AccessWalk.Row row) throws IOException {
        cycle += row.instructions;
        for (int i = 0; i < lines(row); i++) {
          if (reads(row)) {
            transaction(out, line(row, i), " READ ");
          }
          if (AccessKind.writes(row.kind)) {
            transaction(out, line(row, i), " WRITE ");
          }
        }
      }

      private void transaction(AsciiOutput to, long address, String operation) throws IOException {
        to.text("0x").hex(address, 1).text(operation).decimal(cycle).put('\n');
      }
    };
  }
}
