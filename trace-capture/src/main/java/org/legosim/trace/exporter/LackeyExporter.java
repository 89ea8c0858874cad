package org.legosim.trace.exporter;

import java.io.IOException;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/**
 * Valgrind's lackey with its lines of the scheduler, of one process. A trace knows how many instructions a thread retired but
 * the addresses of those with an access only: the others get the address of the access that follows them, and every
 * instruction a size of one byte. An atomic access is a modification.
 */
final class LackeyExporter extends LineExporter {
  LackeyExporter() {
    super("lackey", "mappings, system calls and other events, and the registers of sites");
  }

  @Override
  AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out)
      throws IOException {
    OneThread.requireProcess(format(), trace, thread);
    boolean hasThreads = thread.isEmpty() && trace.threads().size() > 1;
    return new AccessWalk.Visitor() {
      private int current = -1;

      @Override
      public void take(AccessWalk.Row row) throws IOException {
        if (hasThreads && row.thread != current) {
          current = row.thread;
          // Valgrind numbers threads from one.
          out.text("--").decimal(row.pid).text("--   SCHED[").decimal(current + 1L);
          out.text("]: acquired lock\n");
        }
        if (row.kind == AccessKind.FETCH) {
          instruction(out, row.address);
          return;
        }
        for (long i = 0; i < row.instructions; i++) {
          instruction(out, row.pc);
        }
        out.put(' ').put("ILSM".charAt(row.kind)).put(' ').hex(row.address, 8).put(',');
        out.decimal(row.bytes).put('\n');
      }
    };
  }

  private static void instruction(AsciiOutput out, long address) throws IOException {
    out.text("I  ").hex(address, 8).text(",1\n");
  }
}
