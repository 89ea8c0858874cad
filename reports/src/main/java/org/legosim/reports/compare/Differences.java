package org.legosim.reports.compare;

import org.jspecify.annotations.Nullable;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Thresholds.Threshold;

/** Judges one value against its counterpart. */
final class Differences {
  static final String EQUAL = "equal";

  private Differences() {}

  /** Null when the two are the same. */
  static @Nullable Difference between(
      String metric, @Nullable Object base, @Nullable Object head, @Nullable Threshold threshold) {
    if (base == null ? head == null : base.equals(head)) {
      return null;
    }
    if (base instanceof Number from && head instanceof Number to) {
      double fromValue = from.doubleValue();
      double toValue = to.doubleValue();
      Double change =
          fromValue == 0 ? null : (Double) ((toValue - fromValue) / Math.abs(fromValue) * 100);
      boolean fails = threshold == null || threshold.isExceeded(fromValue, toValue);
      return new Difference(metric, base, head, change, limit(threshold), fails);
    }
    return new Difference(metric, base, head, null, EQUAL, true);
  }

  static String limit(@Nullable Threshold threshold) {
    if (threshold == null) {
      return EQUAL;
    }
    String sign = threshold.direction().sign;
    return sign + org.legosim.reports.Numbers.exact(threshold.percent()) + " %";
  }
}
