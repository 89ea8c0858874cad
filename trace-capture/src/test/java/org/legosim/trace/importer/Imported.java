package org.legosim.trace.importer;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.legosim.timing.TraceException;
import org.legosim.trace.TestTraces;
import org.legosim.trace.TraceImporter;
import org.legosim.trace.format.LtraceWriter;

/** A foreign trace, converted and shown in the text form. */
final class Imported {
  private Imported() {}

  static String text(TraceImporter importer, String input) {
    return text(importer, input.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String text(TraceImporter importer, byte[] input) {
    try {
      Path file = Files.createTempFile("import", ".ltrace");
      try {
        convert(importer, input, file);
        return TestTraces.toText(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void convert(TraceImporter importer, byte[] input, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      importer.convert(
          new ByteArrayInputStream(input),
          "in",
          header -> new LtraceWriter(channel, file.toString(), header));
    }
  }

  /** The message of the refusal. */
  static String refusal(TraceImporter importer, String input) {
    return refusal(importer, input.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String refusal(TraceImporter importer, byte[] input) {
    TraceException refused = assertThrows(TraceException.class, () -> text(importer, input));
    return String.valueOf(refused.getMessage());
  }

  /** Text in the text form, without the indentation of Java. */
  static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }
}
