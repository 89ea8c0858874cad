package org.legosim.trace.exporter;

import java.io.OutputStream;
import java.util.OptionalInt;
import org.legosim.timing.ConfigException;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.text.TextWriter;

/** The text form, which holds everything. */
final class TextExporter implements TraceExporter {
  @Override
  public String format() {
    return "text";
  }

  @Override
  public String leavesOut() {
    return "";
  }

  @Override
  public void write(LtraceFile trace, OptionalInt thread, OutputStream out) {
    if (thread.isPresent()) {
      throw new ConfigException(
          "format text holds all threads and their order; leave the choice of a thread out");
    }
    TextWriter.write(trace, out, "the text form", Long.MAX_VALUE);
  }
}
