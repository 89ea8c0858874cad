package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.configs.SweepSpec;
import org.legosim.reports.store.HostFacts;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;

/** Sweeps over a small trace: the same bytes however they are run, nothing partial when they fail. */
class SweepRunnerTest {
  static final List<String> FILES = List.of(
      "points.parquet",
      "latency.parquet",
      "syscalls.parquet",
      "misses.parquet",
      "series.parquet",
      "profile.parquet",
      "thread_syscalls.parquet",
      "manifest.json");

  @TempDir
  Path folder;

  private Path trace() throws IOException {
    StringBuilder text = new StringBuilder("legosim-text 1\nP 100 1 \"touch\"\n");
    text.append("M 0x10000000 0x10100000 rw-p 0 [anon]\nT 100\n");
    for (int i = 0; i < 2000; i++) {
      long page = ((i * 2654435761L) >>> 7) % 200;
      text.append(i % 3 == 0 ? "S " : "L ");
      text.append("0x").append(Long.toHexString(0x10000000L + page * 4096)).append(" 8 3\n");
    }
    Path file = folder.resolve("touch.txt");
    Files.writeString(file, text, StandardCharsets.US_ASCII);
    return file;
  }

  private SweepSpec spec(String traceName) throws IOException {
    Path file = folder.resolve("sweep.yaml");
    Files.writeString(
        file,
        "machine: legoos-osdi18\ntraces: [" + traceName + "]\naxes:\n"
            + "  pcache.size: [128 KiB, 256 KiB]\n  pcache.ways: [4, 8]\n"
            + "  pcache.eviction: [write-protect, per-set-list, victim-cache]\n"
            + "set:\n  caches.model: off\n  pcache.victimEntries: 32\n",
        StandardCharsets.US_ASCII);
    return SweepSpec.read(file, Machines.find(KnownParameters.catalog()));
  }

  private Path run(SweepSpec spec, String name, int workers, ResultSetWriter.Mode mode) {
    Path out = folder.resolve(name);
    SweepRunner.run(
        spec, out, mode, workers, new HostFacts("test", Instant.EPOCH, workers), (d, n) -> {});
    return out;
  }

  @Test
  void workers_doNotChangeAByte() throws IOException {
    trace();
    SweepSpec spec = spec("touch.txt");
    Path one = run(spec, "one", 1, ResultSetWriter.Mode.NEW);
    Path two = run(spec, "two", 2, ResultSetWriter.Mode.NEW);
    for (String file : FILES) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)), file);
    }
    assertEquals(12, ResultSet.open(one).points().rows());
  }

  @Test
  void aSweepThatIsStopped_goesOnToTheSameBytes() throws IOException {
    trace();
    SweepSpec spec = spec("touch.txt");
    Path whole = run(spec, "whole", 1, ResultSetWriter.Mode.NEW);
    List<Integer> seen = new ArrayList<>();
    assertThrows(
        Stop.class,
        () -> SweepRunner.run(
            spec,
            folder.resolve("parts"),
            ResultSetWriter.Mode.NEW,
            1,
            new HostFacts("test", Instant.EPOCH, 1),
            (done, total) -> {
              seen.add(done);
              if (done == 5) {
                throw new Stop();
              }
            }));
    assertFalse(Files.exists(folder.resolve("parts")));
    Path resumed = run(spec, "parts", 2, ResultSetWriter.Mode.RESUME);
    assertTrue(seen.contains(5));
    for (String file : FILES) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(resumed.resolve(file)), file);
    }
  }

  @Test
  void aPointThatFails_isToldOfWhenTheOthersAreKept() throws IOException {
    Files.writeString(folder.resolve("move.txt"), """
        legosim-text 1
        P 100 1 "move"
        M 0x10000000 0x10200000 rw-p 0 [anon]
        T 100
        S 0x10000000 8 3
        S 0x10080000 8 3
        > 2 25 0x10000000 0x1000 0x1000 3 0x10080000
        < 0x10080000
        L 0x10080000 8 3
        """, StandardCharsets.US_ASCII);
    Path file = folder.resolve("faults.yaml");
    Files.writeString(file, """
        machine: legoos-osdi18
        traces: [move.txt]
        axes:
          check: [final, off]
          pcache.ways: [4, 8]
        set:
          faults: [F-18]
        """, StandardCharsets.US_ASCII);
    SweepSpec spec = SweepSpec.read(file, Machines.find(KnownParameters.catalog()));
    InvariantViolation failed =
        assertThrows(InvariantViolation.class, () -> run(spec, "bad", 1, ResultSetWriter.Mode.NEW));
    String message = String.valueOf(failed.getMessage());
    assertTrue(message.startsWith("2 of 4 points failed"), message);
    assertTrue(message.contains("p000001 {check=final, pcache.ways=8}"), message);
    assertFalse(Files.exists(folder.resolve("bad")));
    try (var kept = Files.list(folder.resolve("bad.partial/points"))) {
      assertEquals(2, kept.count());
    }
  }

  @Test
  void aFinishedSet_isNotOverwrittenUnasked() throws IOException {
    trace();
    SweepSpec spec = spec("touch.txt");
    run(spec, "set", 1, ResultSetWriter.Mode.NEW);
    assertThrows(OutputException.class, () -> run(spec, "set", 1, ResultSetWriter.Mode.NEW));
  }

  @Test
  void aMissingTrace_leavesNothingBehind() throws IOException {
    SweepSpec spec = spec("absent.ltrace");
    assertThrows(TraceException.class, () -> run(spec, "none", 1, ResultSetWriter.Mode.NEW));
    assertFalse(Files.exists(folder.resolve("none")));
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
