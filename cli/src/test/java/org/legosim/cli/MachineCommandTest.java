package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

class MachineCommandTest {
  @TempDir
  private Path folder;

  @Test
  void jsonIsOneDocumentAndNothingElse() throws Exception {
    Files.writeString(folder.resolve("m.yaml"), "description: a machine\n");
    Outcome outcome = ChildProcess.run(folder, "machine", "show", "m.yaml", "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals("", outcome.err());
    assertTrue(JsonReader.parse("standard output", outcome.out()) instanceof Map, outcome.out());
  }

  /** Row 7: the callbacks of each CPU that comes up, in order. */
  @Test
  void bootIsPrintedForEachCpuOfTheMachine() throws Exception {
    Outcome outcome = ChildProcess.run(
        folder, "machine", "show", "legoos-sample-vm", "--boot", "--set", "processor.cpus=2");
    assertEquals(0, outcome.exitCode(), outcome.err());
    String text = outcome.out();
    assertTrue(text.matches("(?s)CPU 0 +boot_cpu_init: cpu masks\n.*"), text);
    int made = text.indexOf("CPU 1    callback  smpboot_create_threads");
    int prepared = text.indexOf("CPU 1    callback  smpcfd_prepare_cpu");
    int unparked = text.indexOf("CPU 1    callback  smpboot_unpark_threads");
    assertTrue(0 < made && made < prepared && prepared < unparked, text);
    int started = text.indexOf("kick_off_user: first process\n");
    assertTrue(unparked < started, text);
    assertTrue(text.substring(started).endsWith("FIT layer ready to go\n"), text);
  }

  @Test
  void mistypedKeyExitsWithTwoAndNamesPlaceAndNearestKey() throws Exception {
    Files.writeString(folder.resolve("m.yaml"), "pcache.wasy: 8\n");
    Outcome outcome = ChildProcess.run(folder, "machine", "show", "m.yaml");
    assertEquals(2, outcome.exitCode());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("m.yaml:1"), outcome.err());
    assertTrue(outcome.err().contains("pcache.ways"), outcome.err());
  }

  @Test
  void missingMachineFileExitsWithThree() throws Exception {
    Outcome outcome = ChildProcess.run(folder, "machine", "show", "absent.yaml");
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("absent.yaml"), outcome.err());
  }

  @Test
  void mistypedCommandIsAnsweredWithTheNearest() throws Exception {
    Outcome outcome = ChildProcess.run(folder, "machin");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("did you mean 'machine'?"), outcome.err());
  }

  @Test
  void fullStandardOutputExitsWithFive() throws Exception {
    Process process =
        ChildProcess.startRedirected(folder, Path.of("/dev/full"), "machine", "schema");
    Outcome outcome = ChildProcess.await(process);
    assertEquals(5, outcome.exitCode());
    assertTrue(outcome.err().contains("standard output"), outcome.err());
  }
}
