package org.legosim.trace.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/** What formats of one or two lines per access share. */
abstract class LineExporter implements TraceExporter {
  static final int LINE_SHIFT = 6;

  private final String format;
  private final String leavesOut;

  LineExporter(String format, String leavesOut) {
    this.format = format;
    this.leavesOut = leavesOut;
  }

  @Override
  public final String format() {
    return format;
  }

  @Override
  public final String leavesOut() {
    return leavesOut;
  }

  @Override
  public final void write(LtraceFile trace, OptionalInt thread, OutputStream out)
      throws IOException {
    AsciiOutput lines = new AsciiOutput(out);
    AccessWalk.Visitor lineWriter = begin(trace, thread, lines);
    AccessWalk.over(trace, thread, lineWriter);
    end(lines);
    lines.flush();
  }

  /** Writes what comes first. @return what writes the lines of one access */
  abstract AccessWalk.Visitor begin(LtraceFile trace, OptionalInt thread, AsciiOutput out)
      throws IOException;

  /** Writes what comes last. */
  void end(AsciiOutput out) throws IOException {}

  /** Whether an access reads: all but stores; an atomic one reads and writes. */
  static boolean reads(AccessWalk.Row row) {
    return row.kind != AccessKind.STORE;
  }

  /** How many 64-byte lines an access touches. */
  static int lines(AccessWalk.Row row) {
    long last = (row.address + row.bytes - 1) >>> LINE_SHIFT;
    return (int) (last - (row.address >>> LINE_SHIFT)) + 1;
  }

  /** Address of the n-th line that an access touches. */
  static long line(AccessWalk.Row row, int n) {
    return ((row.address >>> LINE_SHIFT) + n) << LINE_SHIFT;
  }
}
