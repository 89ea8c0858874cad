package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.legosim.timing.TraceException;

/** Traces travel compressed. What Java can undo is undone; for the rest the message names the tool. */
final class Compression {
  private record Packed(String magic, String name, String tool) {}

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAGIC_BYTES = 4;
  private static final String GZIP = "\u001f\u008b";
  private static final Packed[] UNSUPPORTED = {
    new Packed("\u00fd7zX", "xz", "xz -d"),
    new Packed("(\u00b5/\u00fd", "zstd", "zstd -d"),
    new Packed("BZh", "bzip2", "bzip2 -d"),
    new Packed("\u0004\"M\u0018", "lz4", "lz4 -d"),
  };

  private Compression() {}

  /** A buffered stream of the uncompressed bytes, which supports {@code mark}. */
  static BufferedInputStream open(InputStream in, String name) throws IOException {
    BufferedInputStream plain = new BufferedInputStream(in, BUFFER_BYTES);
    String head = peek(plain, MAGIC_BYTES);
    for (Packed packed : UNSUPPORTED) {
      if (head.startsWith(packed.magic)) {
        throw new TraceException(name + ": byte 0: is compressed with " + packed.name
            + ", which is not supported; decompress it first: " + packed.tool + " " + name);
      }
    }
    return head.startsWith(GZIP)
        ? new BufferedInputStream(new GZIPInputStream(plain, BUFFER_BYTES), BUFFER_BYTES)
        : plain;
  }

  /** The next bytes, one character each, without taking them. */
  static String peek(BufferedInputStream in, int bytes) throws IOException {
    in.mark(bytes);
    byte[] head = in.readNBytes(bytes);
    in.reset();
    return new String(head, StandardCharsets.ISO_8859_1);
  }
}
