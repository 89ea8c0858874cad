package org.legosim.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text traces, small enough to know what they do. */
final class SmallTrace {
  private static final String HEAD = """
      legosim-text 1
      P 100 1 "small"
      M 0x10000000 0x10200000 rw-p 0 [anon]
      T 100
      """;

  private SmallTrace() {}

  /** One page, read and then written. */
  static Path onePage(Path folder) throws IOException {
    return write(folder, "one.txt", "L 0x10000000 8 3\nS 0x10000008 8 3\n");
  }

  /** Touches {@code accesses} pages out of 200, a third of them to write. */
  static Path pages(Path folder, int accesses) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < accesses; i++) {
      long page = ((i * 2654435761L) >>> 7) % 200;
      text.append(i % 3 == 0 ? "S " : "L ");
      text.append("0x").append(Long.toHexString(0x10000000L + page * 4096)).append(" 8 3\n");
    }
    return write(folder, "pages.txt", text.toString());
  }

  /** Moves a page over another that is in use: legal, and what defect F-18 gets wrong. */
  static Path moveOver(Path folder) throws IOException {
    return write(folder, "move.txt", """
        S 0x10000000 8 3
        S 0x10080000 8 3
        > 2 25 0x10000000 0x1000 0x1000 3 0x10080000
        < 0x10080000
        L 0x10080000 8 3
        """);
  }

  private static Path write(Path folder, String name, String records) throws IOException {
    return Files.writeString(folder.resolve(name), HEAD + records, StandardCharsets.US_ASCII);
  }

  /** A sweep of two points over a trace beside it. */
  static Path sweep(Path folder, Path trace) throws IOException {
    return Files.writeString(
        folder.resolve("small.yaml"),
        """
        machine: legoos-osdi18
        traces: [%s]
        axes:
          pcache.size: [128 KiB, 256 KiB]
        set:
          caches.model: off
          pcache.ways: 4
        """.formatted(trace.getFileName()),
        StandardCharsets.US_ASCII);
  }
}
