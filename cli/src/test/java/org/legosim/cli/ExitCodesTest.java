package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each exit code as the shell sees it, from a virtual machine of its own. */
class ExitCodesTest {
  private static final long POLL_MS = 20;

  @TempDir
  private Path folder;

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return ChildProcess.run(folder, arguments);
  }

  @Test
  void done() throws Exception {
    String trace = SmallTrace.onePage(folder).toString();
    Outcome outcome = run("run", "--machine", "one-miss", "--trace", trace);
    assertEquals(0, outcome.exitCode(), outcome.err());
  }

  @Test
  void fellShort() throws Exception {
    SmallResults.write(folder.resolve("base"), 1000);
    SmallResults.write(folder.resolve("head"), 1020);
    assertEquals(1, run("compare", "base", "head").exitCode());
  }

  @Test
  void usage() throws Exception {
    assertEquals(2, run("run", "--machine", "one-miss").exitCode());
  }

  @Test
  void input() throws Exception {
    Outcome outcome = run("run", "--machine", "one-miss", "--trace", "absent.ltrace");
    assertEquals(3, outcome.exitCode());
    assertEquals("legosim: error: absent.ltrace: no such file\n", outcome.err());
  }

  @Test
  void invariant() throws Exception {
    String trace = SmallTrace.moveOver(folder).toString();
    Outcome outcome =
        run("run", "--machine", "legoos-osdi18", "--trace", trace, "--set", "faults=[F-18]");
    assertEquals(4, outcome.exitCode(), outcome.err());
  }

  @Test
  void output() throws Exception {
    String trace = SmallTrace.onePage(folder).toString();
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(taken.resolve("mine"), "not a result set");
    Outcome outcome = run("run", "--machine", "one-miss", "--trace", trace, "--out", "taken");
    assertEquals(5, outcome.exitCode());
    assertTrue(outcome.err().contains("taken"), outcome.err());
    assertEquals("not a result set", Files.readString(taken.resolve("mine")));
  }

  @Test
  void interrupted_keepsFinishedPointsAndNothingUnderTheFinalName() throws Exception {
    Path trace = SmallTrace.pages(folder, 200_000);
    Path sweep = SmallTrace.sweep(folder, trace);
    Files.writeString(
        sweep,
        Files.readString(sweep)
            .replace("[128 KiB, 256 KiB]", "{from: 64 KiB, to: 16 MiB, powersOf: 2}"));
    Process process = ChildProcess.start(
        folder, List.of(), "sweep", sweep.toString(), "--out", "set", "--workers", "1");
    Path points = folder.resolve("set.partial/points");
    while (process.isAlive() && finished(points) == 0) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    Outcome outcome = ChildProcess.await(process);
    assertEquals(130, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains("interrupted"), outcome.err());
    assertFalse(Files.exists(folder.resolve("set")));
    assertTrue(finished(points) > 0);
    Outcome unasked = run("sweep", sweep.toString(), "--out", "set");
    assertEquals(5, unasked.exitCode(), unasked.err());
    assertTrue(unasked.err().contains("resume"), unasked.err());
    assertEquals(0, run("sweep", sweep.toString(), "--out", "set", "--resume").exitCode());
  }

  @Test
  void twoSweepsIntoOneFolder_theSecondIsRefused() throws Exception {
    Path trace = SmallTrace.pages(folder, 200_000);
    String sweep = SmallTrace.sweep(folder, trace).toString();
    Process first = ChildProcess.start(folder, List.of(), "sweep", sweep, "--out", "set");
    while (first.isAlive() && !Files.exists(folder.resolve("set.partial"))) {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    Outcome second = run("sweep", sweep, "--out", "set");
    assertEquals(5, second.exitCode(), second.err());
    assertTrue(second.err().contains("set"), second.err());
    assertEquals(0, ChildProcess.await(first).exitCode());
  }

  private static long finished(Path points) throws IOException {
    if (!Files.isDirectory(points)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(points)) {
      return files.filter(file -> !file.toString().endsWith(".tmp")).count();
    }
  }
}
