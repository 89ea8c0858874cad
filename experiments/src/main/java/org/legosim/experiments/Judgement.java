package org.legosim.experiments;

import org.jspecify.annotations.Nullable;

/**
 * A row with its prediction.
 *
 * @param predicted in the row's unit, or null when this version does not model the row
 * @param errorPercent signed, relative to the measured value; null without a prediction
 * @param within the error is inside the tolerance; null without a prediction
 * @param reason why there is no prediction, or empty
 * @param isFitted a constant of the platform names this row in its {@code fittedTo}
 */
public record Judgement(
    MeasuredRow row,
    @Nullable Double predicted,
    @Nullable Double errorPercent,
    @Nullable Boolean within,
    String reason,
    boolean isFitted) {

  static Judgement of(MeasuredRow row, double predicted, boolean isFitted) {
    double errorPercent = (predicted - row.value()) / row.value() * 100;
    // a hair of slack: a tolerance of 5 % admits exactly 5 %
    boolean within = Math.abs(errorPercent) <= row.tolerancePercent() * (1 + 1e-9);
    return new Judgement(row, predicted, errorPercent, within, "", isFitted);
  }

  static Judgement unknown(MeasuredRow row, String reason) {
    return new Judgement(row, null, null, null, reason, false);
  }
}
