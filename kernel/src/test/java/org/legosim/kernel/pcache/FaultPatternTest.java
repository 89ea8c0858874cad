package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The vote against counting every distance, and strides against a look at the last three. */
class FaultPatternTest {
  private static final int HISTORY = 16;

  @Test
  void majority_isTheDistanceThatMoreThanHalfOfTheSmallestWindowHave() {
    Random random = new Random(Seeds.of("fault-pattern"));
    int found = 0;
    for (int round = 0; round < 200; round++) {
      // Without prefetches behind which the next fault could be, distances are what they are.
      FaultPattern pattern = new FaultPattern(1, PrefetchPolicy.MAJORITY, 1, HISTORY);
      List<Long> distances = new ArrayList<>();
      long line = 1_000_000;
      long ahead = 0;
      pattern.faulted(line);
      for (int i = 0; i < 60; i++) {
        long distance = random.nextInt(3) == 0 ? 1 + random.nextInt(50) : 1 + 2L * (round % 3);
        line += distance;
        boolean isSecondStep = ahead != 0 && distance == 2 * ahead;
        distances.add(0, isSecondStep ? ahead : distance);
        ahead = pattern.faulted(line);
        assertEquals(slowMajority(distances), ahead, "round " + round + ", fault " + i);
        found += ahead != 0 ? 1 : 0;
      }
    }
    assertTrue(found > 1000, "only " + found + " majorities");
  }

  private static long slowMajority(List<Long> newestFirst) {
    for (int window = 4; window <= Math.min(HISTORY, newestFirst.size()); window *= 2) {
      List<Long> seen = newestFirst.subList(0, window);
      for (long candidate : seen) {
        if (2 * seen.stream().filter(d -> d == candidate).count() > window) {
          return candidate;
        }
      }
    }
    return 0;
  }

  @Test
  void stride_isTheLastThreeDistancesWhenTheyAreOne() {
    FaultPattern pattern = new FaultPattern(1, PrefetchPolicy.STRIDE, 2, HISTORY);
    long[] lines = {100, 97, 94, 91, 82, 79, 90, 90, 101, 112};
    // -3 three times at 91; 82 is the third step, behind two that were brought; 11 only at 112
    long[] expected = {0, 0, 0, -3, -3, -3, 0, 0, 0, 11};
    for (int i = 0; i < lines.length; i++) {
      assertEquals(expected[i], pattern.faulted(lines[i]), "fault " + i);
    }
  }

  @Test
  void nextLine_looksAtNothing() {
    FaultPattern pattern = new FaultPattern(1, PrefetchPolicy.NEXT_LINE, 4, HISTORY);
    for (long line : new long[] {5, 5, 1000, 3}) {
      assertEquals(1, pattern.faulted(line));
    }
  }
}
