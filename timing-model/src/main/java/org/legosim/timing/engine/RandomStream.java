package org.legosim.timing.engine;

import java.nio.charset.StandardCharsets;

/**
 * A SplitMix64 stream that belongs to one component path. The state depends on the run's seed and the
 * path alone, so adding a component leaves every other stream unchanged.
 */
public final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  private RandomStream(long state) {
    this.state = state;
  }

  static RandomStream of(long seed, String path) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return new RandomStream(mix(seed + GOLDEN_GAMMA) ^ hash);
  }

  @HotPath
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, bound), by the high half of a product; bound positive. */
  @HotPath
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Uniform in [0, 1) with 53 random bits. */
  @HotPath
  public double nextUnit() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
