package org.legosim.configs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Unit;

/**
 * A size, or a share of the footprint of the trace that a point replays. Shares are for sweeps, where
 * {@code pcache.size: [10 %, 25 %]} means the same for every trace.
 */
public sealed interface SizeOrShare {
  /** The only key that takes a share. */
  String KEY = "pcache.size";

  /** As it stands in the file. */
  String text();

  /**
   * @param sizeBytes fixed, whatever the trace
   */
  record Size(long sizeBytes, String text) implements SizeOrShare {}

  /**
   * @param percent of the footprint, above 0
   */
  record Share(BigDecimal percent, String text) implements SizeOrShare {
    /** The share of a footprint, rounded down to a byte. */
    long ofBytes(long footprintBytes) {
      return percent
          .multiply(BigDecimal.valueOf(footprintBytes))
          .movePointLeft(2)
          .setScale(0, RoundingMode.FLOOR)
          .longValueExact();
    }

    /**
     * The share rounded down to whole sets, which is what the pcache would use of it.
     *
     * @param setBytes bytes of one set
     * @throws ConfigException when not even one set fits
     */
    long wholeSets(long footprintBytes, long setBytes, Place place) {
      long bytes = ofBytes(footprintBytes) / setBytes * setBytes;
      if (bytes == 0) {
        throw new ConfigException(place
            + ": "
            + text
            + " of the footprint of "
            + Quantity.format(footprintBytes, Unit.BYTES)
            + " is less than one set of "
            + Quantity.format(setBytes, Unit.BYTES)
            + "; take a larger share, fewer pcache.ways, or a 'where' that leaves it out");
      }
      return bytes;
    }
  }

  /** Whether a text is written as a share. */
  static boolean isShare(String text) {
    return text.strip().endsWith("%");
  }

  /**
   * @throws ConfigException when it is neither a size nor a share above 0 %
   */
  static SizeOrShare parse(String text, Place place) {
    try {
      if (!isShare(text)) {
        return new Size(Quantity.parse(text, Unit.BYTES), text);
      }
      BigDecimal percent = Quantity.parseDecimal(text, Unit.PERCENT);
      if (percent.signum() <= 0 || percent.compareTo(BigDecimal.valueOf(100_000)) > 0) {
        throw new Quantity.RefusedException("'" + text + "' is not between 0 % and 100000 %");
      }
      return new Share(percent, text);
    } catch (Quantity.RefusedException e) {
      throw new ConfigException(place + ": " + KEY + ": " + e.getMessage(), e);
    }
  }
}
