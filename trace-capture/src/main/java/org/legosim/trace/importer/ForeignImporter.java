package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.legosim.timing.TraceException;
import org.legosim.trace.TraceImporter;

/** What importers of foreign formats share: decompression, and errors of reading. */
abstract class ForeignImporter implements TraceImporter {
  /** Of a process when the format numbers none. */
  static final int ONLY_PID = 1;

  static final int X86_64 = 62;
  static final int UNKNOWN_ARCHITECTURE = 0;

  private final String format;

  ForeignImporter(String format) {
    this.format = format;
  }

  @Override
  public final String format() {
    return format;
  }

  /** Few foreign formats announce themselves. */
  @Override
  public boolean recognises(byte[] head, int length) {
    return false;
  }

  @Override
  public final void convert(InputStream in, String name, Target target) {
    try {
      read(Compression.open(in, name), name, target);
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  abstract void read(BufferedInputStream in, String name, Target target) throws IOException;

  /** An input without a single access is a mistake, most often of the format. */
  final void requireSome(long records, String name) {
    if (records == 0) {
      throw new TraceException(name + ": holds no access; is it really of format " + format + "?");
    }
  }
}
