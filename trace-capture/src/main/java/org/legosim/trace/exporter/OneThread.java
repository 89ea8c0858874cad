package org.legosim.trace.exporter;

import java.util.OptionalInt;
import org.legosim.timing.ConfigException;
import org.legosim.trace.LtraceFile;

/** Refuses to mix what a format cannot tell apart. */
final class OneThread {
  private OneThread() {}

  static void require(String format, LtraceFile trace, OptionalInt thread) {
    int threads = trace.threads().size();
    if (thread.isEmpty() && threads > 1) {
      throw new ConfigException("format " + format + " holds one thread and the trace has "
          + threads + "; choose one with --thread N, as \"trace info\" numbers them");
    }
  }

  static void requireProcess(String format, LtraceFile trace, OptionalInt thread) {
    int processes = trace.processes().size();
    if (thread.isEmpty() && processes > 1) {
      throw new ConfigException("format " + format + " holds one process and the trace has "
          + processes + "; choose a thread with --thread N, as \"trace info\" numbers them");
    }
  }
}
