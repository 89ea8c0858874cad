package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/** A table of accesses with the columns that the importer of csv knows. */
final class CsvExporter extends LineExporter {
  private static final String KINDS = "ILSA";

  CsvExporter() {
    super("csv", "mappings, system calls and other events, and the registers of sites");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out)
      throws IOException {
    out.text("kind,address,bytes,instructions,pid,tid,pc\n");
    return row -> {
      out.put(KINDS.charAt(row.kind)).text(",0x").hex(row.address, 1).put(',');
      out.decimal(row.bytes).put(',').decimal(row.instructions).put(',');
      out.decimal(row.pid).put(',').decimal(row.tid).put(',');
      if (row.isPcKnown) {
        out.text("0x").hex(row.pc, 1);
      }
      out.put('\n');
    };
  }
}
