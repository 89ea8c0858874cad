package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nowNs = new AtomicLong();

  @Test
  void aLogGetsALineEveryTenSecondsAndTheLast() {
    try (Progress progress = progress(false)) {
      at(1, progress, 1);
      at(10, progress, 5);
      at(12, progress, 6);
      at(20, progress, 20);
    }
    // 5 of 20 in 10 s: 2 s each, so 15 more take 30 s.
    assertEquals("""
        sweep: 5 of 20 points (25 %), 10 s so far, about 30 s left
        sweep: 20 of 20 points (100 %), 20 s so far
        """, text());
  }

  @Test
  void aShortJobLeavesALogAlone() {
    try (Progress progress = progress(false)) {
      at(1, progress, 20);
    }
    assertEquals("", text());
  }

  @Test
  void aTerminalGetsOneLineThatIsRedrawnAndErased() {
    try (Progress progress = progress(true)) {
      at(1, progress, 10);
    }
    assertEquals(
        "\r\u001b[Ksweep: 10 of 20 points (50 %), 1 s so far, about 1 s left\r\u001b[K", text());
  }

  @Test
  void anUnknownTotalHasNoTimeLeft() {
    try (Progress progress = progress(false)) {
      nowNs.set(61 * SECOND_NS);
      progress.update(1_234_567, 0, "accesses");
    }
    assertEquals("sweep: 1,234,567 accesses, 1 min 01 s so far\n", text());
  }

  @Test
  void durationsReadWell() {
    assertEquals("59 s", Progress.duration(59 * SECOND_NS));
    assertEquals("2 h 05 min", Progress.duration((2 * 3600 + 5 * 60) * SECOND_NS));
  }

  private Progress progress(boolean isTerminal) {
    PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new Progress(new Console(err, err, isTerminal), "sweep", nowNs::get);
  }

  private void at(long seconds, Progress progress, long done) {
    nowNs.set(seconds * SECOND_NS);
    progress.update(done, 20, "points");
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
