package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableNumbersTest {
  /** Against a map that numbers keys as they come, over many growths, with indices of 52 bits. */
  @Test
  void numbers_areTheOrderOfFirstUse() {
    long seed = 20251125;
    Random random = new Random(seed);
    TableNumbers numbers = new TableNumbers();
    Map<String, Integer> reference = new TreeMap<>();
    for (int i = 0; i < 60_000; i++) {
      int space = random.nextInt(5);
      int level = random.nextInt(4);
      long index = List.of(0L, 1L << 51, 0x7f0000L).get(random.nextInt(3)) + random.nextInt(1500);
      int expected =
          reference.computeIfAbsent(space + "," + level + "," + index, k -> reference.size());
      assertEquals(expected, numbers.numberOf(space, level, index), "seed " + seed + ", step " + i);
    }
  }
}
