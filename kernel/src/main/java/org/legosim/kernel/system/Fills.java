package org.legosim.kernel.system;

import java.util.Arrays;

/** How often each pcache line has been filled. */
final class Fills {
  private int[] generation = new int[1024];

  void filled(int line) {
    if (line >= generation.length) {
      generation = Arrays.copyOf(generation, Math.max(line + 1, 2 * generation.length));
    }
    generation[line]++;
  }

  int generation(int line) {
    return line < generation.length ? generation[line] : 0;
  }
}
