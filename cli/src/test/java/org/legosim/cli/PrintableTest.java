package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PrintableTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("plain text", "plain text"),
        Arguments.of("Gr\u00fc\u00dfe \u5b57", "Gr\u00fc\u00dfe \u5b57"),
        Arguments.of("a\u001b[2Jb", "a\\x1B[2Jb"),
        Arguments.of("a\u0007", "a\\x07"),
        Arguments.of("a\rb", "a\\x0Db"),
        Arguments.of("a\u0000b", "a\\x00b"),
        Arguments.of("a\u009bb", "a\\x9Bb"),
        Arguments.of("a\u202eb", "a\\x{202E}b"),
        Arguments.of("a\u2066b", "a\\x{2066}b"),
        Arguments.of("a\ud800b", "a\\x{D800}b"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatCouldMoveTheCursorOrTheReadingOrderIsSpelledOut(String text, String shown) {
    assertEquals(shown, Printable.of(text));
  }

  @Test
  void quotedTextCannotPassForALineOfItsOwn() {
    assertEquals("no file a\n  legosim: done", Printable.of("no file a\nlegosim: done"));
  }
}
