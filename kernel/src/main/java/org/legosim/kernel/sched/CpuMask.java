package org.legosim.kernel.sched;

import org.jspecify.annotations.Nullable;

/** A set of logical CPUs: an affinity, or the CPUs that are active. Does not change. */
public final class CpuMask {
  /** Highest number that a mask written as text may name, and one more. */
  public static final int CPUS_MAX = 1024;

  private static final int HEX_DIGIT_BITS = 4;

  private final long[] words;

  private CpuMask(long[] words) {
    this.words = words;
  }

  /** CPUs 0 to {@code cpus - 1}. */
  public static CpuMask first(int cpus) {
    long[] words = new long[(cpus + 63) / 64];
    for (int cpu = 0; cpu < cpus; cpu++) {
      words[cpu >> 6] |= 1L << cpu;
    }
    return new CpuMask(words);
  }

  public static CpuMask of(Iterable<Integer> cpus) {
    long[] words = new long[CPUS_MAX / 64];
    for (int cpu : cpus) {
      words[cpu >> 6] |= 1L << cpu;
    }
    return new CpuMask(words);
  }

  /** One CPU alone. */
  public static CpuMask only(int cpu) {
    long[] words = new long[(cpu >> 6) + 1];
    words[cpu >> 6] = 1L << cpu;
    return new CpuMask(words);
  }

  /** A mask in hexadecimal as {@code 0x0f} of at most {@link #CPUS_MAX} bits; null when it is none. */
  public static @Nullable CpuMask parse(String text) {
    int digits = text.length() - 2;
    if (!text.startsWith("0x") || digits < 1 || digits > CPUS_MAX / HEX_DIGIT_BITS) {
      return null;
    }
    long[] words = new long[CPUS_MAX / 64];
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(text.charAt(text.length() - 1 - i), 16);
      if (digit < 0) {
        return null;
      }
      words[i >> 4] |= (long) digit << (HEX_DIGIT_BITS * (i & 15));
    }
    return new CpuMask(words);
  }

  public boolean has(int cpu) {
    return cpu >> 6 < words.length && (words[cpu >> 6] >>> cpu & 1) != 0;
  }

  /** The lowest CPU of both masks, or -1. */
  public int firstIn(CpuMask other) {
    for (int i = 0; i < Math.min(words.length, other.words.length); i++) {
      long both = words[i] & other.words[i];
      if (both != 0) {
        return 64 * i + Long.numberOfTrailingZeros(both);
      }
    }
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof CpuMask other && toString().equals(other.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** As a kernel prints it: {@code 0,4-7}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    int cpus = 64 * words.length;
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (!has(cpu)) {
        continue;
      }
      int last = cpu;
      while (has(last + 1)) {
        last++;
      }
      out.append(out.length() == 0 ? "" : ",").append(cpu);
      if (last > cpu) {
        out.append('-').append(last);
      }
      cpu = last;
    }
    return out.toString();
  }
}
