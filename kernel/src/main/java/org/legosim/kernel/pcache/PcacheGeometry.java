package org.legosim.kernel.pcache;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;

/**
 * How a pcache divides its memory: lines of one size, in sets of {@code ways} lines. The set of an
 * address is its page number modulo the number of sets; no hashing, no address-space number. Lines
 * are numbered way by way: line {@code n = way * sets + set}, which is also their order in memory.
 *
 * <p>Source: LegoOS {@code include/processor/pcache_config.h}, {@code managers/processor/pcache/init.c}.
 */
public final class PcacheGeometry {
  /** In place of a number of ways: one set that holds every line. */
  public static final int FULLY_ASSOCIATIVE = 0;

  /** In place of a line or an address: there is none. */
  public static final int NO_LINE = -1;

  public static final long LINE_BYTES_MIN = 256;
  public static final long LINE_BYTES_MAX = 64 << 10;

  /** Line numbers are ints, with room for the sentinels below zero. */
  public static final long LINES_MAX = Integer.MAX_VALUE - 7L;

  /** Bytes of the kernel's record per line in the sample build. */
  public static final int META_BYTES = 128;

  private static final long META_PAGE_BYTES = 4096;
  private static final int ADDRESS_BITS = 64;

  private final long lineBytes;
  private final int lineShift;
  private final int ways;
  private final int sets;
  private final boolean hasPowerOfTwoSets;
  private final int setShift;

  private PcacheGeometry(long lineBytes, int sets, int ways) {
    this.lineBytes = lineBytes;
    this.lineShift = Units.log2Exact(lineBytes);
    this.sets = sets;
    this.ways = ways;
    this.hasPowerOfTwoSets = Units.isPowerOfTwo(sets);
    this.setShift = 31 - Integer.numberOfLeadingZeros(sets);
  }

  /**
   * Geometry of {@code dataBytes} of lines, rounded down to whole sets.
   *
   * @param ways lines per set, or {@link #FULLY_ASSOCIATIVE}
   * @throws ConfigException when the line size is not allowed, less than one set fits, or there are
   *     more lines than can be numbered
   */
  public static PcacheGeometry ofSize(long dataBytes, long lineBytes, int ways) {
    if (!Units.isPowerOfTwo(lineBytes)
        || lineBytes < LINE_BYTES_MIN
        || lineBytes > LINE_BYTES_MAX) {
      throw new ConfigException("pcache.line is "
          + lineBytes
          + " bytes; it must be a power of two from 256 B to 64 KiB, such as 4 KiB");
    }
    if (ways < 0) {
      throw new ConfigException("pcache.ways is " + ways + "; it must be positive or full");
    }
    long lines = dataBytes / lineBytes;
    if (lines > LINES_MAX) {
      throw new ConfigException("pcache.size of "
          + dataBytes
          + " bytes is "
          + lines
          + " lines; at most "
          + LINES_MAX
          + " can be simulated, which would need up to "
          + Pcache.plannedHeapBytes(lines, Math.max(1, lines / Math.max(1, ways)))
          + " bytes of heap; use a smaller pcache.size or a larger pcache.line");
    }
    if (lines < Math.max(1, ways)) {
      throw new ConfigException("pcache.size of "
          + dataBytes
          + " bytes holds "
          + lines
          + " lines of "
          + lineBytes
          + " bytes, which is less than one set of "
          + Math.max(1, ways)
          + " ways; use a larger pcache.size or fewer pcache.ways");
    }
    int setWays = ways == FULLY_ASSOCIATIVE ? (int) lines : ways;
    // MODEL: the real kernel rounds to a power of two sets; here any number is allowed, so that a
    // cache can be a percentage of a footprint. The rule for the index is the same.
    return new PcacheGeometry(lineBytes, (int) (lines / setWays), setWays);
  }

  /**
   * Geometry that the kernel derives from the memory reserved for it at boot: as many units of lines
   * with their page of metadata as fit, rounded down to a power of two.
   */
  public static PcacheGeometry ofReservation(
      long reservedBytes, long lineBytes, int ways, int metaBytes) {
    long linesPerUnit = META_PAGE_BYTES / metaBytes;
    long units = reservedBytes / (linesPerUnit * lineBytes + META_PAGE_BYTES);
    if (units == 0) {
      throw new ConfigException(
          "a reservation of " + reservedBytes + " bytes holds no pcache line and its metadata");
    }
    return ofSize(Long.highestOneBit(units) * linesPerUnit * lineBytes, lineBytes, ways);
  }

  /** Number of the set that holds the page of {@code address}. */
  @HotPath
  public int setOf(long address) {
    long page = address >>> lineShift;
    return (int) (hasPowerOfTwoSets ? page & (sets - 1) : Long.remainderUnsigned(page, sets));
  }

  /** Number of the line at {@code way} of {@code set}. */
  @HotPath
  public int lineAt(int set, int way) {
    return way * sets + set;
  }

  @HotPath
  public int setOfLine(int line) {
    return hasPowerOfTwoSets ? line & (sets - 1) : line % sets;
  }

  @HotPath
  public int wayOfLine(int line) {
    return hasPowerOfTwoSets ? line >>> setShift : line / sets;
  }

  /** First address of the page that holds {@code address}. */
  @HotPath
  public long pageOf(long address) {
    return address & -lineBytes;
  }

  /** The first line that begins at or behind an address. */
  long lineUp(long address) {
    return (address + lineBytes - 1) & -lineBytes;
  }

  public long lineBytes() {
    return lineBytes;
  }

  public int lineShift() {
    return lineShift;
  }

  public int ways() {
    return ways;
  }

  public int sets() {
    return sets;
  }

  public int lines() {
    return sets * ways;
  }

  public long dataBytes() {
    return lines() * lineBytes;
  }

  /** Distance in memory between two ways of a set. */
  public long wayStrideBytes() {
    return sets * lineBytes;
  }

  /** The bits of an address that choose its set; the number of sets must be a power of two. */
  public long setMask() {
    return Units.log2Exact(sets) == 0 ? 0 : (sets - 1L) << lineShift;
  }

  /** Bits of a 64-bit address above the set's, rounded down. */
  public int tagBits() {
    return ADDRESS_BITS - lineShift - setShift;
  }

  /** Bytes of metadata behind the data. */
  public long metadataBytes(int metaBytes) {
    return Units.ceilDiv(lines(), META_PAGE_BYTES / metaBytes) * META_PAGE_BYTES;
  }

  /** What has to be reserved at boot for this pcache. */
  public long usedBytes(int metaBytes) {
    return dataBytes() + metadataBytes(metaBytes);
  }

  @Override
  public String toString() {
    return lines() + " lines of " + lineBytes + " bytes, " + sets + " sets of " + ways + " ways";
  }
}
