package org.legosim.hardware;

import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;

/** Seeds of random tests: printed, and replayed by {@code -Dtest.seed=}. */
public final class Seeds {
  private Seeds() {}

  /** {@code count} seeds from 0 on, or the one given on the command line. */
  public static long[] first(int count) {
    String given = System.getProperty("test.seed", "");
    if (!given.isEmpty()) {
      return new long[] {Long.decode(given)};
    }
    long[] seeds = new long[count];
    for (int i = 0; i < count; i++) {
      seeds[i] = i;
    }
    return seeds;
  }

  /** For the message of an assertion. */
  public static String replay(long seed) {
    return "replay with -Dtest.seed=" + seed;
  }

  public static RandomStream stream(long seed, String path) {
    return new Simulation(seed).stream(path);
  }
}
