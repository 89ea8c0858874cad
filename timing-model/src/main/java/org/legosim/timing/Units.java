package org.legosim.timing;

/** Integer arithmetic on picoseconds, bytes and rates. Every division states its intent. */
public final class Units {
  public static final long PS_PER_NS = 1_000L;
  public static final long PS_PER_US = 1_000_000L;
  public static final long PS_PER_MS = 1_000_000_000L;
  public static final long PS_PER_SECOND = 1_000_000_000_000L;

  private Units() {}

  /** floor(a * b / divisor) without overflow of the product; all arguments non-negative. */
  public static long mulDivFloor(long a, long b, long divisor) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high == 0 && low >= 0) {
      return low / divisor;
    }
    return wide(a, b, divisor, false);
  }

  /** ceil(a * b / divisor) without overflow of the product; all arguments non-negative. */
  public static long mulDivCeil(long a, long b, long divisor) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high == 0 && low >= 0) {
      return ceilDiv(low, divisor);
    }
    return wide(a, b, divisor, true);
  }

  /** ceil(dividend / divisor) for a non-negative dividend and a positive divisor. */
  public static long ceilDiv(long dividend, long divisor) {
    long quotient = dividend / divisor;
    return quotient * divisor == dividend ? quotient : quotient + 1;
  }

  /** dividend / divisor, refusing a remainder. */
  public static long exactDiv(long dividend, long divisor) {
    if (dividend % divisor != 0) {
      throw new ArithmeticException(dividend + " is not a multiple of " + divisor);
    }
    return dividend / divisor;
  }

  /** Time that {@code bytes} take at {@code bitsPerSecond}, rounded up to a picosecond. */
  public static long serialisationPs(long bytes, long bitsPerSecond) {
    return mulDivCeil(Math.multiplyExact(bytes, 8L), PS_PER_SECOND, bitsPerSecond);
  }

  public static boolean isPowerOfTwo(long value) {
    return value > 0 && (value & (value - 1)) == 0;
  }

  /** log2 of a power of two. */
  public static int log2Exact(long value) {
    if (!isPowerOfTwo(value)) {
      throw new ArithmeticException(value + " is not a power of two");
    }
    return Long.numberOfTrailingZeros(value);
  }

  private static long wide(long a, long b, long divisor, boolean up) {
    var result = java.math.BigInteger.valueOf(a)
        .multiply(java.math.BigInteger.valueOf(b))
        .divideAndRemainder(java.math.BigInteger.valueOf(divisor));
    long quotient = result[0].longValueExact();
    return up && result[1].signum() != 0 ? Math.addExact(quotient, 1) : quotient;
  }
}
