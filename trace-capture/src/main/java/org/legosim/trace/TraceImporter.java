package org.legosim.trace;

import java.io.InputStream;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.LtraceWriter;

/**
 * Converts a foreign format into the native one. Found through {@code ServiceLoader}; an implementation has no state.
 */
public interface TraceImporter {
  /** Where a conversion writes to. */
  interface Target {
    /** Call once, when the header's facts are known. The importer closes the writer when it is done. */
    LtraceWriter open(FileHeader header);
  }

  /** Name on the command line: {@code text}, {@code lackey}. */
  String format();

  /** Whether the first bytes of a file can only be of this format; false when they leave doubt. */
  boolean recognises(byte[] head, int length);

  /**
   * Converts a whole stream.
   *
   * @param name of the input, for messages
   * @throws org.legosim.timing.TraceException naming the line or byte of the first thing that does not belong
   */
  void convert(InputStream in, String name, Target target);
}
