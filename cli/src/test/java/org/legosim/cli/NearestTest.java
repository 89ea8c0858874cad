package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN = List.of("--machine", "--trace", "--seed", "--set");

  @Test
  void swappedAndMissingLettersFindTheirName() {
    assertEquals(Optional.of("--trace"), Nearest.to("--trcae", KNOWN));
    assertEquals(Optional.of("--machine"), Nearest.to("--machin", KNOWN));
  }

  @Test
  void aTieGoesToTheFirstInTheAlphabet() {
    // "--sed" is one letter away from both "--seed" and "--set".
    assertEquals(Optional.of("--seed"), Nearest.to("--sed", KNOWN));
  }

  @Test
  void nothingIsOfferedForSomethingElse() {
    assertEquals(Optional.empty(), Nearest.to("--output-folder", KNOWN));
  }

  @Test
  void distanceCountsEdits() {
    assertEquals(0, Nearest.distance("abc", "abc"));
    assertEquals(1, Nearest.distance("abc", "acb"));
    assertEquals(2, Nearest.distance("abc", "a"));
    assertEquals(3, Nearest.distance("", "abc"));
  }
}
