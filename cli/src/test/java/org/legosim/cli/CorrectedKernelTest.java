package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.configs.Machines;

/** Programs that once broke what was thought the corrected kernel; and how it goes on where nothing is checked. */
class CorrectedKernelTest {
  private static final List<String> SMALL =
      List.of("pcache.size=64 KiB", "pcache.ways=4", "check=always");

  @TempDir
  Path folder;

  private static Path trace(String name) {
    return Machines.projectRoot()
        .orElseThrow()
        .resolve("cli/src/test/resources/corrected")
        .resolve(name);
  }

  private static Outcome run(Path trace, List<String> settings, String... more) {
    List<String> command =
        new ArrayList<>(List.of("run", "--machine", "legoos-osdi18", "--trace", trace.toString()));
    settings.forEach(setting -> Collections.addAll(command, "--set", setting));
    Collections.addAll(command, more);
    return Outcome.of(command.toArray(new String[0]));
  }

  private static void requireWhole(Outcome outcome) {
    assertEquals(0, outcome.exitCode(), outcome.out() + outcome.err());
  }

  /** Another process evicts dirty pages of the old image while the memory node loads the new one. */
  @Test
  void exec_keepsTheOldImagesPagesWhereTheyAre() {
    Path trace = trace("exec-beside-an-evictor.txt");
    requireWhole(run(trace, SMALL));
    for (String way : List.of("pcache.piggyback=off", "pcache.eviction=victim-cache")) {
      List<String> settings = new ArrayList<>(SMALL);
      settings.set(1, "pcache.ways=1");
      Collections.addAll(settings, "pcache.zeroFill=off", way);
      requireWhole(run(trace, settings));
    }
  }

  /** A page of the range leaves between the memory node's answer and the page table. */
  @Test
  void aRangeThatIsShortenedAndMoved_losesNothing() throws IOException {
    Files.writeString(folder.resolve("machine.yaml"), """
        description: a range that is shortened and moved beside an evictor
        extends: legoos-osdi18
        check: always
        pcache.size: 64 KiB
        pcache.ways: 2
        """);
    Files.writeString(folder.resolve("expect.yaml"), """
        title: t
        diary: [29]
        saw: s
        shows: s
        on:
          set: ['faults=[]']
          exit: 0
        off:
          set: ['faults=[]']
          exit: 0
        """);
    Files.copy(trace("shrink-and-move.txt"), folder.resolve("trace.txt"));
    requireWhole(Outcome.of(
        "explore", folder.toString(), "--schedules", "0", "--hold", "P0.cpu4:0:362027255"));
    requireWhole(Outcome.of("explore", folder.toString(), "--schedules", "60", "--seed", "3"));
  }

  /** The target of a fixed mremap, or of a file, has marks for zero-fill and nothing else. */
  @Test
  void marksOfWhatWasThere_takeNoPages() {
    requireWhole(run(trace("mremap-onto-marks.txt"), SMALL));
    requireWhole(run(trace("file-over-marks.txt"), SMALL));
  }

  /** Nothing is copied, on fork or on write: the child stores in its parent's page, which the parent then reads. */
  @Test
  void vfork_sharesTheParentsPages() throws IOException {
    Path events = folder.resolve("events.csv");
    requireWhole(run(trace("vfork-stores.txt"), SMALL, "--events", events.toString()));
    String kinds = Files.readString(events);
    assertFalse(kinds.contains(",K,") || kinds.contains(",C,"), kinds);
  }

  @Test
  void aRefusedMunmap_leavesThePcacheAsItIs() throws IOException {
    Path events = folder.resolve("events.csv");
    requireWhole(run(trace("munmap-unaligned.txt"), SMALL, "--events", events.toString()));
    assertFalse(Files.readString(events).contains(",F,"), Files.readString(events));
  }

  /** F-21 and F-25 without a check: the kernel passes over the stale mapping, and kills whose miss gets no line. */
  @Test
  void uncheckedRuns_goOnAsTheRealKernelDoes() {
    Outcome stale = run(
        trace("stale-after-move.txt"),
        List.of("pcache.size=64 KiB", "pcache.ways=4", "check=off", "faults=[F-21]"));
    requireWhole(stale);
    assertTrue(stale.out().contains("1 stale reverse mappings were passed over"), stale.out());
    Path full = Machines.projectRoot().orElseThrow().resolve("configs/scenarios/F-25/trace.txt");
    Outcome killed = run(full, List.of("pcache.size=64 KiB", "pcache.ways=4", "check=off"));
    requireWhole(killed);
    assertTrue(killed.out().contains("process 100 of P0 was killed"), killed.out());
  }
}
