package org.legosim.reports.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.store.ResultSetWriter.Mode;
import org.legosim.timing.OutputException;

/** What a full disk, a failing disk, a crash and a kill leave behind. */
class CrashTest {
  private static final long SEED = Long.getLong("test.seed", 0xc4a5L);
  private static final HostFacts HOST = new HostFacts("test", Instant.EPOCH, 1);
  private static final int POINTS = 3;

  @TempDir
  Path folder;

  /** The disk fails at its n-th step; after a crash nothing reaches it any more. */
  private static final class Failing implements Disk.Hook {
    private final int failingStep;
    private final boolean crash;
    private int step;

    Failing(int failingStep, boolean crash) {
      this.failingStep = failingStep;
      this.crash = crash;
    }

    boolean failed() {
      return step >= failingStep;
    }

    @Override
    public void before(String name, Path path) throws IOException {
      step++;
      if (step == failingStep || (crash && step > failingStep)) {
        throw new IOException("No space left on device");
      }
    }
  }

  private static void run(Path set, Mode mode, Disk disk) {
    try (ResultSetWriter writer =
        ResultSetWriter.open(set, SmallSweep.plan(POINTS, "v1"), mode, disk)) {
      for (int i = 0; i < POINTS; i++) {
        if (!writer.completed().contains("p" + i)) {
          writer.add("p" + i, SmallSweep.result(i, "v1"));
        }
      }
      writer.finish(HOST);
    }
  }

  @Test
  void failureAtAStep_leavesNothingOrAWholeSet_andAResumeEndsWithTheSameBytes() throws IOException {
    failAtEvery(17);
  }

  @Test
  @Tag("evidence")
  void failureAtAnyStep_leavesNothingOrAWholeSet_andAResumeEndsWithTheSameBytes()
      throws IOException {
    failAtEvery(1);
  }

  private void failAtEvery(int stride) throws IOException {
    Path reference = folder.resolve("reference");
    run(reference, Mode.NEW, Disk.real());
    Map<String, String> expected = ResultSetTest.digests(reference);
    for (boolean crash : new boolean[] {false, true}) {
      int steps = 0;
      Failing failing;
      do {
        steps += stride;
        failing = new Failing(steps, crash);
        Path set = folder.resolve("set");
        try {
          run(set, Mode.NEW, new Disk(failing));
        } catch (OutputException e) {
          assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
        }
        if (Files.exists(set)) {
          assertEquals(expected, ResultSetTest.digests(set), "step " + steps);
        } else {
          run(set, Mode.RESUME, Disk.real());
          assertEquals(expected, ResultSetTest.digests(set), "step " + steps);
        }
        // A crash after the rename leaves the partial folder; the next writer clears it.
        run(set, Mode.OVERWRITE, Disk.real());
        assertEquals(List.of("reference", "set"), entries(), "step " + steps);
        Disk.real().delete(set);
      } while (failing.failed());
      assertTrue(steps > 60, steps + " steps");
    }
  }

  @Test
  void failureWhileReplacing_keepsTheOldSetOrTheNewOne() throws IOException {
    failWhileReplacing(60, 5);
  }

  @Test
  @Tag("evidence")
  void failureAtAnyStepWhileReplacing_keepsTheOldSetOrTheNewOne() throws IOException {
    failWhileReplacing(0, 1);
  }

  private void failWhileReplacing(int from, int stride) throws IOException {
    Path set = folder.resolve("set");
    int steps = from;
    Failing failing;
    do {
      steps += stride;
      failing = new Failing(steps, true);
      try (ResultSetWriter old =
          ResultSetWriter.open(set, SmallSweep.plan(1, "old"), Mode.OVERWRITE)) {
        old.add("p0", SmallSweep.result(0, "old"));
        old.finish(HOST);
      }
      try {
        run(set, Mode.OVERWRITE, new Disk(failing));
      } catch (OutputException e) {
        assertTrue(e.getMessage().contains("No space"), e.getMessage());
      }
      if (!Files.exists(set)) {
        // Crashed between the two renames: any next writer puts the old one back first.
        try {
          run(set, Mode.NEW, Disk.real());
        } catch (OutputException e) {
          assertTrue(e.getMessage().contains("complete"), e.getMessage());
        }
      }
      String version = ResultSet.open(set).manifest().versions().get(0);
      assertTrue(version.equals("old") || version.equals("v1"), version);
    } while (failing.failed());
  }

  private List<String> entries() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  /** The child process of the kill tests: a slow sweep. */
  public static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      Path set = Path.of(arguments[0]);
      int points = Integer.parseInt(arguments[1]);
      try (ResultSetWriter writer =
          ResultSetWriter.open(set, SmallSweep.plan(points, "v1"), Mode.RESUME)) {
        for (int i = 0; i < points; i++) {
          if (!writer.completed().contains("p" + i)) {
            Thread.sleep(2);
            writer.add("p" + i, SmallSweep.result(i, "v1"));
          }
        }
        writer.finish(HOST);
      }
    }
  }

  @Test
  void killedSweep_resumes_toTheSameBytes() throws Exception {
    killAndResume(2);
  }

  @Test
  @Tag("evidence")
  void killedSweep_resumes_toTheSameBytes_200Times() throws Exception {
    killAndResume(200);
  }

  private void killAndResume(int kills) throws Exception {
    int points = 40;
    Path reference = folder.resolve("reference");
    assertEquals(0, child(reference, points).waitFor());
    Map<String, String> expected = ResultSetTest.digests(reference);
    SplittableRandom random = new SplittableRandom(SEED);
    Path set = folder.resolve("set");
    int killed = 0;
    while (killed < kills) {
      Process process = child(set, points);
      if (process.waitFor(150 + random.nextInt(700), TimeUnit.MILLISECONDS)) {
        assertEquals(0, process.exitValue(), () -> "seed " + SEED);
        assertEquals(expected, ResultSetTest.digests(set), () -> "seed " + SEED);
        Disk.real().delete(set);
      } else {
        process.destroyForcibly().waitFor();
        killed++;
        assertFalse(
            Files.exists(set) && !ResultSetTest.digests(set).equals(expected),
            () -> "seed " + SEED);
        if (Files.exists(set)) {
          Disk.real().delete(set);
        }
      }
    }
    assertEquals(0, child(set, points).waitFor());
    assertEquals(expected, ResultSetTest.digests(set), () -> "seed " + SEED);
  }

  private static Process child(Path set, int points) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            set.toString(),
            Integer.toString(points))
        .redirectErrorStream(true)
        .redirectOutput(new File("/dev/null"))
        .start();
  }
}
