package org.legosim.experiments;

import org.legosim.configs.EffectiveConfig;

/**
 * One experiment: builds what was measured on the row's platform, runs the classes that {@code run}
 * uses, and reads a metric. It holds no constant of the modelled system.
 */
interface Experiment {
  /**
   * Settings that the experiment itself fixes on top of the platform: what the measured program did,
   * not what the hardware costs.
   */
  Iterable<String> settings(MeasuredRow row);

  /**
   * The metric in the row's unit.
   *
   * @throws UnknownPointException when this version does not model the row
   */
  double predict(MeasuredRow row, EffectiveConfig config);
}
