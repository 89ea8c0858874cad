package org.legosim.trace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.zip.GZIPInputStream;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;
import org.legosim.trace.format.FileKind;
import org.legosim.trace.format.LtraceWriter;

/** Opens traces in whatever form they come. */
public final class Traces {
  private static final int HEAD_BYTES = 64;
  private static final int STREAM_BUFFER_BYTES = 1 << 18;

  private Traces() {}

  /**
   * Opens a trace file: native, packed or not; text; either of them compressed with gzip; or a foreign format that can be
   * told by its first bytes. What is not native is converted to a temporary file, which is gone when the trace is closed.
   */
  public static LtraceFile open(Path path) {
    if (isNative(path)) {
      return LtraceFile.open(path);
    }
    Path fileName = path.getFileName();
    try (FileChannel channel = TraceFiles.openInput(path);
        InputStream in = Channels.newInputStream(channel)) {
      return openStream(
          in, path.toString(), fileName == null ? path.toString() : fileName.toString());
    } catch (IOException e) {
      throw new TraceException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Opens the trace that a stream carries, read to its end first; in any form that {@link #open} takes. */
  public static LtraceFile openStream(InputStream in) {
    return openStream(in, "standard input", "-");
  }

  private static LtraceFile openStream(InputStream in, String path, String name) {
    FileChannel spool = TraceFiles.temporary("ltrace");
    boolean isOpen = false;
    try {
      toNative(in, path, Optional.empty(), spool);
      LtraceFile file = LtraceFile.open(spool, path, name);
      isOpen = true;
      return file;
    } finally {
      if (!isOpen) {
        TraceFiles.close(spool);
      }
    }
  }

  /**
   * Converts a stream to native blocks.
   *
   * @param format by name, or none to tell it by the first bytes
   */
  static void toNative(InputStream in, String path, Optional<String> format, FileChannel out) {
    try {
      InputStream plain = unzipped(new BufferedInputStream(in, STREAM_BUFFER_BYTES), path);
      plain.mark(HEAD_BYTES);
      byte[] head = plain.readNBytes(HEAD_BYTES);
      plain.reset();
      if (format.isEmpty() && isNative(head, head.length)) {
        StreamSpool.copy(plain, path, out);
        return;
      }
      TraceImporter importer = format.isPresent() ? importer(format.get()) : recogniser(head, path);
      importer.convert(plain, path, header -> new LtraceWriter(out, path, header));
    } catch (IOException e) {
      throw new TraceException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Names of the formats that can be imported. */
  public static List<String> importFormats() {
    List<String> names = new ArrayList<>();
    importers().forEach(importer -> names.add(importer.format()));
    names.sort(null);
    return names;
  }

  /** Refuses a format that cannot be imported, before anything is read. */
  public static void requireImportFormat(String format) {
    importer(format);
  }

  static TraceImporter importer(String format) {
    for (TraceImporter importer : importers()) {
      if (importer.format().equals(format)) {
        return importer;
      }
    }
    throw new ConfigException(
        "format " + format + " is not known; allowed are " + String.join(" ", importFormats()));
  }

  private static TraceImporter recogniser(byte[] head, String path) {
    for (TraceImporter importer : importers()) {
      if (importer.recognises(head, head.length)) {
        return importer;
      }
    }
    throw new TraceException(String.format(
        Locale.ROOT,
        "%s: byte 0: not a trace that can be told by its beginning; it looks like %s (name its format with"
            + " \"trace import --from\": %s)",
        path,
        FileKind.describe(head, head.length),
        String.join(" ", importFormats())));
  }

  private static Iterable<TraceImporter> importers() {
    return ServiceLoader.load(TraceImporter.class, TraceImporter.class.getClassLoader());
  }

  private static InputStream unzipped(BufferedInputStream in, String path) throws IOException {
    in.mark(2);
    byte[] magic = in.readNBytes(2);
    in.reset();
    boolean isZipped = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
    if (!isZipped) {
      return in;
    }
    try {
      return new BufferedInputStream(
          new GZIPInputStream(in, STREAM_BUFFER_BYTES), STREAM_BUFFER_BYTES);
    } catch (IOException e) {
      throw new TraceException(
          path + ": byte 0: looks like gzip-compressed data, but is damaged", e);
    }
  }

  /** Whether a path names a regular file that begins as a native trace does. */
  static boolean isNative(Path path) {
    byte[] head = head(path);
    return isNative(head, head.length);
  }

  private static boolean isNative(byte[] head, int length) {
    return length >= 6
        && head[0] == 'L'
        && head[1] == 'T'
        && head[2] == 'R'
        && head[3] == 'A'
        && head[4] == 'C'
        && head[5] == 'E';
  }

  private static byte[] head(Path path) {
    if (!Files.isRegularFile(path)) {
      return new byte[0];
    }
    try (FileChannel channel = TraceFiles.openInput(path);
        InputStream in = Channels.newInputStream(channel)) {
      return in.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      throw new TraceException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
