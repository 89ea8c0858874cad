package org.legosim.trace.synth;

/** Sebastiano Vigna's SplitMix64: the generator that published recipes of synthetic traces name. */
final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  /** Of one thread: the first thread's stream is the seed's own. */
  static SplitMix64 ofThread(long seed, int thread) {
    return new SplitMix64(thread == 0 ? seed : mix(mix(seed) + thread));
  }

  /** Of a second decision of the same thread, so that one does not shift the other. */
  static SplitMix64 ofDecision(long seed, int thread, int decision) {
    return new SplitMix64(mix(mix(seed ^ GOLDEN_GAMMA * decision) + thread));
  }

  long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, bound) by the high half of a product; bound positive. */
  long below(long bound) {
    return Math.multiplyHigh(next() >>> 1, bound << 1);
  }

  /** Uniform in [0, 1), 53 bits. */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
