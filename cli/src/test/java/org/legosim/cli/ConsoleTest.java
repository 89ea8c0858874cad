package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void quotedTextCannotPassForALineOfItsOwn() {
    assertEquals("no file a\n  legosim: done", Console.shown("no file a\nlegosim: done"));
  }

  @Test
  void whatCouldMoveTheCursorIsSpelledOut() {
    assertEquals("a\\x1b[2J\\x0d", Console.shown("a\u001b[2J\r"));
  }
}
