package org.legosim.trace.format;

import java.util.Locale;
import org.legosim.timing.TraceException;

/** Words for what is wrong with a trace, and where. */
public final class Damage {
  private Damage() {}

  /** Damage at a byte of a file. */
  public static TraceException at(String name, long offset, String what) {
    return new TraceException(text(name, offset, what));
  }

  /** Damage that showed itself as an exception. */
  public static TraceException at(String name, long offset, String what, Throwable cause) {
    return new TraceException(text(name, offset, what), cause);
  }

  private static String text(String name, long offset, String what) {
    return String.format(
        Locale.ROOT,
        "%s: byte %d: %s; the trace is damaged from there on (copy or capture it again%s)",
        name,
        offset,
        what,
        offset == 0 ? "" : "; \"trace pack --recover\" makes a trace of what stands before");
  }

  /** A well-formed record that contradicts the rest of the trace. */
  public static TraceException contradiction(String name, String where, String what) {
    return new TraceException(
        String.format(Locale.ROOT, "%s: %s: %s; its writer is at fault", name, where, what));
  }
}
