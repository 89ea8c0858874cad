package org.legosim.hardware;

/** The generator that the published recipes name, from its plain state. */
public final class SplitMix64 {
  private long state;

  public SplitMix64(long state) {
    this.state = state;
  }

  public long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
