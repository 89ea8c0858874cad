package org.legosim.hardware.cache;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;

/**
 * Shape of one cache level. Sets per slice and bytes per line are powers of two; the number of slices
 * need not be (a Haswell-EP LLC has one slice per core).
 *
 * @param key configuration prefix, such as {@code caches.l1d}
 * @param sizeBytes data capacity; 0 when the level is off
 * @param lineBytes bytes per line
 * @param ways lines per set
 * @param slices address-interleaved parts of the level
 * @param replacement policy of each set
 */
public record CacheGeometry(
    String key, long sizeBytes, int lineBytes, int ways, int slices, Replacement replacement) {
  /** Ways beyond which a search of the whole row would dominate the simulation. */
  private static final int MAX_WAYS = 4096;

  private static final long MAX_SIZE_BYTES = 1L << 33;

  public CacheGeometry {
    if (sizeBytes != 0) {
      check(key, sizeBytes, lineBytes, ways, slices);
    }
  }

  /** A level of one slice. */
  public static CacheGeometry of(
      String key, long sizeBytes, int lineBytes, int ways, Replacement replacement) {
    return new CacheGeometry(key, sizeBytes, lineBytes, ways, 1, replacement);
  }

  public boolean isPresent() {
    return sizeBytes != 0;
  }

  /** Sets of one slice: a power of two; 1 when the level is off. */
  public int setsPerSlice() {
    return isPresent() ? (int) (sizeBytes / ((long) lineBytes * ways * slices)) : 1;
  }

  private static void check(String key, long sizeBytes, int lineBytes, int ways, int slices) {
    if (sizeBytes < 0 || sizeBytes > MAX_SIZE_BYTES) {
      throw new ConfigException(
          key + ".size: " + sizeBytes + " bytes; allowed is off, or up to " + MAX_SIZE_BYTES);
    }
    if (!Units.isPowerOfTwo(lineBytes) || lineBytes < 16 || lineBytes > 4096) {
      throw new ConfigException(
          "caches.line: " + lineBytes + " bytes; a line is a power of two from 16 to 4096 bytes");
    }
    if (ways < 1 || ways > MAX_WAYS) {
      throw new ConfigException(key + ".ways: " + ways + "; allowed is 1 to " + MAX_WAYS);
    }
    if (slices < 1 || slices > 256) {
      throw new ConfigException(key + ".slices: " + slices + "; allowed is 1 to 256");
    }
    long rowBytes = (long) lineBytes * ways * slices;
    if (sizeBytes % rowBytes != 0 || !Units.isPowerOfTwo(sizeBytes / rowBytes)) {
      throw new ConfigException(key
          + ": "
          + sizeBytes
          + " bytes in "
          + ways
          + " ways of "
          + lineBytes
          + "-byte lines"
          + (slices == 1 ? "" : " and " + slices + " slices")
          + " make no power of two of sets; choose "
          + key
          + ".size as a power of two times "
          + rowBytes
          + " bytes, or other ways");
    }
  }
}
