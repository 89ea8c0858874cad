package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
  @TempDir
  private Path folder;

  @Test
  void helpGoesToStandardOutputAndExitsWithZero() throws Exception {
    Outcome outcome = ChildProcess.run(folder, "--help");
    assertEquals(0, outcome.exitCode());
    assertTrue(outcome.out().contains("Exit codes"), outcome.out());
    assertEquals("", outcome.err());
  }

  @Test
  void mistypedOptionExitsWithTwoAndNamesTheNearest() throws Exception {
    Outcome outcome = ChildProcess.run(folder, "--hlep");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("did you mean '--help'?"), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void noCommandExitsWithTwo() throws Exception {
    Outcome outcome = ChildProcess.run(folder);
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("legosim --help"), outcome.err());
  }

  @Test
  void controlCharactersOfAnArgumentAreShownNotSent() throws Exception {
    Outcome outcome = ChildProcess.run(folder, "--x\u001b[31m\u0007");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("\\x1b[31m\\x07"), outcome.err());
    assertEquals(-1, outcome.err().indexOf('\u001b'));
  }
}
