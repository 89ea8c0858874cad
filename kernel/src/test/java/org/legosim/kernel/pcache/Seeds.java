package org.legosim.kernel.pcache;

/** The seed of a random test: printed, and replayed by {@code -Dtest.seed=N}. */
final class Seeds {
  private Seeds() {}

  static long of(String test) {
    long seed = Long.getLong("test.seed", test.hashCode());
    System.out.println(test + " runs with -Dtest.seed=" + seed);
    return seed;
  }
}
