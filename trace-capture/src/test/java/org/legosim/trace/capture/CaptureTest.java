package org.legosim.trace.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/** Captures of small programs whose records are known. Skipped where QEMU or gcc is missing. */
final class CaptureTest {
  @TempDir
  Path folder;

  @BeforeAll
  static void requireTools() {
    Native.requireCapture();
  }

  private Native.Run capture(String... command) {
    return Native.capture(folder, command);
  }

  private Native.Run capture(String from, long most, int processors, String... command) {
    return Native.capture(new CaptureRequest(
        List.of(command), Optional.of(folder.resolve("t.ltrace")), from, most, processors));
  }

  @Test
  void knownInstructions_giveExactlyTheirRecords() {
    Path chase = Native.compile(folder, "chase.c", "-nostdlib", "-static", "-no-pie");
    Native.Run run = capture(chase.toString());
    String records = run.text().substring(run.text().indexOf("T "));
    List<String> lines = records
        .lines()
        .map(line -> line.replaceAll("^T .*", "T PID").replaceAll("0x4000[0-9a-f]{6}\\b", "STACK"))
        .map(line -> line.replaceAll("^< .*", "<"))
        .toList();
    assertEquals(
        List.of(
            "T PID",
            "> 2 110",
            "<",
            "L 0x402000 8 2 @0x40100e:7>7",
            "L 0x402000 8 1 @0x401011:7>7",
            "A 0x402008 4 3 @0x401020:6>0",
            "A 0x402008 8 1 @0x401024:6>0",
            "L 0x402060 16 3 @0x401030:1+3",
            "S 0x402038 16 1 @0x401035:6",
            "L 0x402008 8 1 @0x40103a:6",
            "S 0x402008 8 0 @0x40103a:6",
            "S STACK 8 1 @0x40103e:4",
            "L STACK 8 1 @0x40103f:4>12",
            "> 2 110",
            "<",
            "> 3 60 0",
            "! exit"),
        lines);
    assertEquals(
        List.of(
            "M 0x400000 0x401000 r--p 0 \"" + chase + "\"",
            "M 0x401000 0x402000 r-xp 0x1000 \"" + chase + "\"",
            "M 0x402000 0x403000 rw-p 0x2000 \"" + chase + "\""),
        run.lines("M ").stream()
            .filter(line -> line.contains("chase"))
            .map(line -> line.replaceAll(" (4096|8192) ", " 0x1000 "))
            .map(line -> line.startsWith("M 0x402") ? line.replace("0x1000 \"", "0x2000 \"") : line)
            .toList());
    assertEquals(1, run.lines("M ").stream().filter(l -> l.endsWith("[stack]")).count());
  }

  @Test
  void singleThreadedProgram_givesTheSameTraceTwice() {
    String first = capture("/bin/true").withoutPid();
    String second = capture("/bin/true").withoutPid();
    assertEquals(first, second);
    assertTrue(first.contains("\"/lib/x86_64-linux-gnu/libc.so.6\""), "opens the C library");
  }

  @Test
  void threadsForkExecAndSignals_areAllThere() {
    Path life = Native.compile(folder, "life.c", "-pthread");
    Native.Run run = capture(life.toString());
    assertEquals(42, run.exitCode(), "the program runs as it does without a capture");
    List<String> processes =
        run.lines("P ").stream().filter(l -> l.contains("\"")).toList();
    assertEquals(3, processes.size(), processes::toString);
    String root = processes.get(0).split(" ")[1];
    String child = processes.get(1).split(" ")[1];
    assertTrue(processes.get(0).startsWith("P " + root + " 0 \"life\""), processes::toString);
    assertTrue(processes.get(1).startsWith("P " + child + " " + root + " \"life\""));
    assertTrue(processes.get(2).contains(" " + child + " \"life\""), processes::toString);
    assertEquals(List.of("! signal 10"), run.lines("! signal"), "delivered once, called thrice");
    assertEquals(List.of("! exec"), run.lines("! exec"));
    assertEquals(6, run.lines("! exit").size(), "four threads, the child, the grandchild");
    assertEquals(
        1, run.lines("> ").stream().filter(l -> l.matches("> \\d+ 25 .*")).count());
    assertTrue(run.lines("A ").size() >= 2 * 3 * 200, "a lock and an unlock in each turn");
    assertTrue(run.text().contains("[\"/bin/true\",\"true\"]"), "the argument vector of exec");
    assertEquals(List.of("[\"0x1\"]", "[\"0\"]", "[\"0x800\"]"), valuesOf(run, 203, 144, 271));
    assertTrue(run.text().contains("\"/usr/bin/true\"") || run.text().contains(" \"/bin/true\""));
  }

  /** What stands behind the pointers of the first call of each number. */
  private static List<String> valuesOf(Native.Run run, int... calls) {
    return Arrays.stream(calls)
        .mapToObj(call -> run.lines("> ").stream()
            .filter(line -> line.matches("> \\d+ " + call + " .*"))
            .findFirst()
            .orElseThrow())
        .map(line -> line.substring(line.indexOf('[')))
        .toList();
  }

  @Test
  void childrenOfAShell_areFollowed() throws IOException {
    Path script = folder.resolve("script");
    Files.writeString(script, "#! /bin/sh -e\n/bin/true \"$@\"\nexit 7\n");
    assertTrue(script.toFile().setExecutable(true));
    Native.Run run =
        capture("sh", "-c", script + " one 'two three'; /bin/cat /dev/null | /bin/true");
    List<String> executed = run.lines("> ").stream()
        .filter(line -> line.matches("> \\d+ 59 .*"))
        .map(line -> line.substring(line.indexOf('[')))
        .collect(Collectors.toList());
    assertTrue(
        executed.contains("[\"%s\",\"%s\",\"one\",\"two three\"]".formatted(script, script)));
    assertTrue(executed.contains("[\"/bin/true\",\"/bin/true\",\"one\",\"two three\"]"));
    assertTrue(executed.contains("[\"/bin/cat\",\"/bin/cat\",\"/dev/null\"]"));
    assertEquals(executed.size(), run.lines("! exec").size(), executed::toString);
    assertEquals(List.of(), run.notes());
  }

  @Test
  void scriptAsProgram_runsItsInterpreter() throws IOException {
    Path script = folder.resolve("script");
    Files.writeString(script, "#!/bin/sh\n[ \"$1\" = 'a b' ] && [ \"$0\" = \"" + script + "\" ]\n");
    assertTrue(script.toFile().setExecutable(true));
    assertEquals(0, capture(script.toString(), "a b").exitCode());
    assertEquals(1, capture(script.toString(), "c").exitCode());
  }

  @Test
  void deathByASignal_keepsAllRecords() {
    Path ends = Native.compile(folder, "ends.c");
    int loops = 1000;
    for (String how : List.of("abort", "segv", "term")) {
      Native.Run run = capture(ends.toString(), how);
      assertEquals(List.of("! exit"), run.lines("! exit"), how);
      assertTrue(run.exitCode() > 128, how);
      assertTrue(run.lines("S ").size() > loops, how);
    }
  }

  @Test
  void programThatClosesEverything_isCapturedToTheEnd() {
    Path ends = Native.compile(folder, "ends.c");
    Native.Run run = capture(ends.toString(), "closeall");
    assertEquals(0, run.exitCode());
    assertEquals(List.of("! exec"), run.lines("! exec"));
    assertEquals(List.of("! exit"), run.lines("! exit"));
    assertEquals(List.of(), run.notes());
  }

  @Test
  void limit_isExactForOneThread() {
    Native.Run run = capture("start", 10_000, 0, "/bin/true");
    int accesses =
        run.lines("L ").size() + run.lines("S ").size() + run.lines("A ").size();
    assertEquals(10_000, accesses);
    assertEquals(List.of("! mark \"capture limit\""), run.lines("! mark"));
    assertEquals(0, run.exitCode(), "the program runs on");
  }

  @Test
  void recordingFromTheEntryOrAFunction_leavesTheLoaderOut() {
    Path ends = Native.compile(folder, "ends.c");
    int all = capture("start", 0, 0, ends.toString()).lines("L ").size();
    Native.Run entry = capture("entry", 0, 0, ends.toString());
    Native.Run main = capture("main", 0, 0, ends.toString());
    assertTrue(entry.lines("L ").size() < all / 4, entry.lines("L ").size() + " of " + all);
    assertTrue(main.lines("L ").size() < entry.lines("L ").size());
    assertTrue(main.lines("L ").size() >= 1000);
    assertTrue(main.lines("M ").stream().anyMatch(l -> l.contains("libc.so")), "loaded by then");
    ConfigException unknown =
        assertThrows(ConfigException.class, () -> capture("nothing", 0, 0, ends.toString()));
    assertTrue(String.valueOf(unknown.getMessage()).contains("no symbol for a function nothing"));
  }

  @Test
  void shownProcessors_areCountedByThePrograms() {
    Native.require("nproc", "coreutils");
    Native.Run run = capture("entry", 0, 5, "sh", "-c", "[ $(nproc) = 5 ]");
    assertEquals(0, run.exitCode());
  }

  @Test
  void missingProgramOrFolder_isRefusedBeforeAnythingRuns() {
    TraceException missing = assertThrows(TraceException.class, () -> capture("no-such-program"));
    assertTrue(String.valueOf(missing.getMessage()).startsWith("no-such-program: no such program"));
    assertFalse(Files.exists(folder.resolve("t.ltrace")));
  }

  @Test
  void output_standsUnderItsNameOnlyWhenComplete() throws IOException {
    capture("/bin/true");
    try (var files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("t.ltrace")), files.toList());
    }
  }
}
