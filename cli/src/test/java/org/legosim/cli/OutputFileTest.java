package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.OutputException;

class OutputFileTest {
  @TempDir
  private Path folder;

  @Test
  void standsUnderItsNameOnlyWhenComplete() throws IOException {
    Path target = folder.resolve("events.csv");
    try (OutputFile file = OutputFile.create(target)) {
      file.stream().write("whole".getBytes(StandardCharsets.US_ASCII));
      assertFalse(Files.exists(target));
      file.complete();
    }
    assertEquals("whole", Files.readString(target));
    assertEquals(1, files());
  }

  @Test
  void leavesNothingAndKeepsTheOldWhenNotComplete() throws IOException {
    Path target = Files.writeString(folder.resolve("events.csv"), "old");
    try (OutputFile file = OutputFile.create(target)) {
      file.stream().write("half".getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals("old", Files.readString(target));
    assertEquals(1, files());
  }

  @Test
  void refusesAMissingFolderAndAFolderBeforeTheWork() {
    OutputException missing = assertThrows(
        OutputException.class, () -> OutputFile.create(folder.resolve("absent/events.csv")));
    assertTrue(String.valueOf(missing.getMessage()).contains("absent/events.csv"));
    assertThrows(OutputException.class, () -> OutputFile.create(folder));
  }

  @Test
  void eventsAreLinesOfCsvInOrder() throws IOException {
    Path target = folder.resolve("events.csv");
    try (EventCsv events = new EventCsv(target)) {
      events.event(1500, 0, 'M', 100, 0x7fff_0000_1000L, 3, 1);
      events.event(1600, 1, 'D', 100, 0x1000, 3, 0);
      events.complete();
    }
    assertEquals("""
        time_ps,cpu,kind,tgid,uva,set,way
        1500,0,M,100,0x7fff00001000,3,1
        1600,1,D,100,0x1000,3,0
        """, Files.readString(target));
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
