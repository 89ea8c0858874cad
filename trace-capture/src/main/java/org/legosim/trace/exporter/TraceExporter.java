package org.legosim.trace.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalInt;
import org.legosim.trace.LtraceFile;

/** Writes one foreign format. Has no state. */
public interface TraceExporter {
  /** Name on the command line, the same as the importer's. */
  String format();

  /** What a trace may hold that the format cannot say, in words for people; empty when it says everything. */
  String leavesOut();

  /**
   * Writes a trace, or one of its threads.
   *
   * @param thread by its index; none for all threads in their captured order
   * @param out is not closed
   * @throws org.legosim.timing.ConfigException when the trace has what the format cannot hold at all
   * @throws IOException when the output fails
   */
  void write(LtraceFile trace, OptionalInt thread, OutputStream out) throws IOException;
}
