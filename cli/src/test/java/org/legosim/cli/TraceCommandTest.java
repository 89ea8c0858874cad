package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

class TraceCommandTest {
  @TempDir
  private Path folder;

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String zipf() {
    String trace = file("zipf.ltrace");
    Outcome made = Outcome.of(
        "trace",
        "synth",
        "zipf",
        "--accesses",
        "5000",
        "--pages",
        "300",
        "--threads",
        "2",
        "--writes",
        "20",
        "--seed",
        "7",
        "-o",
        trace);
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(made.err().contains("5,000 accesses of 2 threads in 1 process"), made.err());
    return trace;
  }

  private static Map<?, ?> info(String trace) {
    Outcome outcome = Outcome.of("trace", "info", trace, "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals("", outcome.err());
    return (Map<?, ?>) JsonReader.parse("standard output", outcome.out());
  }

  private static void assertRefused(int exitCode, String words, String... arguments) {
    Outcome outcome = Outcome.of(arguments);
    assertEquals(exitCode, outcome.exitCode(), outcome.err());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains(words), outcome.err());
  }

  @Test
  void info_addsUp() {
    Map<?, ?> info = info(zipf());
    assertEquals(5000L, info.get("accesses"));
    assertEquals(5000L, (Long) info.get("loads") + (Long) info.get("stores"));
    assertEquals(2, ((List<?>) info.get("threads")).size());
    Outcome text = Outcome.of("trace", "info", file("zipf.ltrace"));
    assertTrue(text.out().contains("exit_group"), text.out());
    assertTrue(text.out().contains(String.valueOf(info.get("digest"))), text.out());
  }

  @Test
  void text_thereAndBack_keepsTheDigest() throws Exception {
    Object digest = info(zipf()).get("digest");
    Outcome text = Outcome.of("trace", "cat", file("zipf.ltrace"));
    Files.writeString(folder.resolve("zipf.txt"), text.out());
    Outcome imported = Outcome.of("trace", "import", file("zipf.txt"), "-o", file("again.ltrace"));
    assertEquals(0, imported.exitCode(), imported.err());
    assertEquals(digest, info(file("again.ltrace")).get("digest"));
    Outcome verified = Outcome.of("trace", "verify", file("again.ltrace"));
    assertTrue(verified.out().contains("index and gates fit"), verified.out());
    assertTrue(verified.out().contains(String.valueOf(digest)), verified.out());
  }

  @Test
  void cat_endsAtItsLimit() {
    Outcome outcome = Outcome.of("trace", "cat", "--limit", "3", zipf());
    assertEquals(
        3,
        outcome
            .out()
            .lines()
            .filter(line -> "LSA><!".indexOf(line.charAt(0)) >= 0)
            .count());
  }

  @Test
  void parquet_thereAndBack_keepsTheAccesses() {
    String csv = Outcome.of("trace", "export", "--to", "csv", zipf()).out();
    Outcome exported = Outcome.of(
        "trace", "export", "--to", "parquet", file("zipf.ltrace"), "-o", file("z.parquet"));
    assertEquals(0, exported.exitCode(), exported.err());
    assertTrue(exported.err().contains("leaves out mappings"), exported.err());
    Outcome imported = Outcome.of("trace", "import", file("z.parquet"), "-o", file("z.ltrace"));
    assertEquals(0, imported.exitCode(), imported.err());
    assertEquals(
        csv, Outcome.of("trace", "export", "--to", "csv", file("z.ltrace")).out());
  }

  @Test
  void oneThread_canBeChosen() {
    Outcome both = Outcome.of("trace", "export", "--to", "champsim", zipf());
    assertEquals(2, both.exitCode());
    assertTrue(both.err().contains("--thread"), both.err());
    Outcome one =
        Outcome.of("trace", "export", "--to", "din", "--thread", "1", file("zipf.ltrace"));
    assertEquals(2500, one.out().lines().count());
  }

  @Test
  void aPackedTrace_canBeCutAndRecovered() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of(zipf()));
    Files.write(folder.resolve("cut.ltrace"), Arrays.copyOf(whole, whole.length / 2));
    assertRefused(3, "byte ", "trace", "info", file("cut.ltrace"));
    assertRefused(3, "byte ", "trace", "pack", file("cut.ltrace"), "-o", file("kept.ltrace"));
    assertTrue(Files.notExists(folder.resolve("kept.ltrace")), "nothing half");
    Outcome kept =
        Outcome.of("trace", "pack", "--recover", file("cut.ltrace"), "-o", file("kept.ltrace"));
    assertEquals(0, kept.exitCode(), kept.err());
    assertTrue(kept.err().contains("left out: "), kept.err());
    assertEquals(0, Outcome.of("trace", "verify", file("kept.ltrace")).exitCode());
  }

  @Test
  void packing_changesBytesButNotTheDigest() throws Exception {
    Object digest = info(zipf()).get("digest");
    Files.copy(Path.of(file("zipf.ltrace")), Path.of(file("left.ltrace.partial")));
    Outcome stored = Outcome.of("trace", "pack", "--level", "0", file("left.ltrace.partial"));
    assertEquals(0, stored.exitCode(), stored.err());
    assertTrue(
        Files.size(Path.of(file("left.ltrace"))) > Files.size(Path.of(file("zipf.ltrace"))),
        "stored is larger");
    assertEquals(digest, info(file("left.ltrace")).get("digest"));
  }

  @Test
  void whatIsNoTrace_isNamedForWhatItIs() throws Exception {
    Files.writeString(folder.resolve("a.pdf"), "%PDF-1.4 and so on");
    Files.writeString(folder.resolve("empty"), "");
    for (String command : List.of("info", "cat", "verify")) {
      assertRefused(3, "a PDF document", "trace", command, file("a.pdf"));
      assertRefused(3, "an empty file", "trace", command, file("empty"));
      assertRefused(3, "no such file", "trace", command, file("absent"));
      assertRefused(3, "is a folder", "trace", command, folder.toString());
    }
    assertRefused(3, "no such file", "trace", "import", "--from", "din", file("absent"));
    assertRefused(3, "not a native trace", "trace", "pack", file("a.pdf"));
  }

  @Test
  void aLaterVersion_isToldFromDamage() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(zipf()));
    bytes[8] = 2;
    Files.write(folder.resolve("later.ltrace"), bytes);
    assertRefused(3, "too new", "trace", "info", file("later.ltrace"));
  }

  @Test
  void foreignLines_areRefusedByNumber() throws Exception {
    Files.writeString(folder.resolve("bad.din"), "0 1000 8\n7 1000 8\n");
    assertRefused(
        3, "bad.din:2", "trace", "import", "--from", "din", file("bad.din"), "-o", file("x"));
    assertTrue(Files.notExists(folder.resolve("x")), "nothing half");
  }

  @Test
  void usageErrors_sayWhatIsAllowed() {
    assertRefused(2, "did you mean 'zipf'?", "trace", "synth", "zpif", "--accesses", "9");
    assertRefused(
        2,
        "means nothing to sequential",
        "trace",
        "synth",
        "sequential",
        "--accesses",
        "9",
        "--skew",
        "2");
    assertRefused(2, "--accesses", "trace", "synth", "zipf");
    assertRefused(
        2, "allowed are 1 to", "trace", "synth", "zipf", "--accesses", "9", "--pages", "0");
    assertRefused(2, "oracle-general", "trace", "export", "--to", "elf", file("absent"));
    assertRefused(2, "simulated tick", "trace", "export", "--to", "gem5", file("absent"));
    assertRefused(2, "lackey", "trace", "import", "--from", "elf", file("absent"));
    assertRefused(2, "--level 10", "trace", "pack", "--level", "10", file("absent"));
    assertRefused(2, "two dashes", "trace", "capture");
    assertRefused(2, "did you mean 'info'?", "trace", "inof");
  }

  @Test
  void anOutputThatCannotBe_exitsWithFive() {
    assertRefused(
        5,
        "no/such/folder",
        "trace",
        "synth",
        "zipf",
        "--accesses",
        "9",
        "--pages",
        "9",
        "-o",
        file("no/such/folder/t"));
    zipf();
    assertRefused(
        5,
        "no/such/folder",
        "trace",
        "export",
        "--to",
        "csv",
        file("zipf.ltrace"),
        "-o",
        file("no/such/folder/t"));
  }

  @Test
  void standardStreams_carryTraces() throws Exception {
    Path streamed = folder.resolve("streamed");
    Outcome synth = ChildProcess.await(ChildProcess.startRedirected(
        folder, streamed, "trace", "synth", "uniform", "--accesses", "100", "-o", "-"));
    assertEquals(0, synth.exitCode(), synth.err());
    Process info = ChildProcess.start(folder, List.of(), "trace", "info", "-");
    info.getOutputStream().write(Files.readAllBytes(streamed));
    Outcome shown = ChildProcess.await(info);
    assertEquals(0, shown.exitCode(), shown.err());
    assertTrue(shown.out().contains("100 by 1 thread in 1 process"), shown.out());
  }

  @Test
  void captureWithoutQemu_saysInOneLineWhatToInstall() throws Exception {
    Outcome outcome = ChildProcess.await(ChildProcess.startWithPath(
        folder, folder, "trace", "capture", "-o", "t.ltrace", "--", "true"));
    assertEquals(3, outcome.exitCode(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains("apt-get install qemu-user gcc"), outcome.err());
  }

  @Test
  void aCapture_leavesTheProgramsOutputAlone_andATrace() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/qemu-x86_64"))
            && Files.isExecutable(Path.of("/usr/bin/gcc")),
        "qemu-user and gcc are not installed");
    Outcome outcome =
        ChildProcess.run(folder, "trace", "capture", "-o", "t.ltrace", "--", "echo", "some words");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals("some words\n", outcome.out());
    assertTrue(outcome.err().contains("exit code 0"), outcome.err());
    Map<?, ?> info = info(file("t.ltrace"));
    assertTrue((Long) info.get("accesses") > 10_000, info.get("accesses") + " accesses");
    assertTrue(((List<?>) info.get("features")).contains("mappings"), "mappings are captured");
  }

  @Test
  void aProgramThatIsNotThere_isNotCaptured() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-x86_64")), "qemu-user is not installed");
    Outcome outcome =
        ChildProcess.run(folder, "trace", "capture", "-o", "t.ltrace", "--", "no-such-program");
    assertEquals(3, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains("no-such-program"), outcome.err());
    assertTrue(Files.notExists(folder.resolve("t.ltrace")), "no trace");
  }
}
