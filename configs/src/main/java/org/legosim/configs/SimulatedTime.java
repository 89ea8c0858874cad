package org.legosim.configs;

import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Unit;

/** Simulated times on the command line, written as in a machine's file: {@code 1.5 ms}. */
public final class SimulatedTime {
  private SimulatedTime() {}

  /**
   * @param option its name, for the message
   * @return picoseconds, 0 or more
   * @throws ConfigException when {@code text} is no time
   */
  public static long parsePs(String option, String text) {
    try {
      long ps = Quantity.parse(text, Unit.PS);
      if (ps < 0) {
        throw new ConfigException(option + ": '" + text + "' is before the run's begin");
      }
      return ps;
    } catch (Quantity.RefusedException e) {
      throw new ConfigException(option + ": " + e.getMessage(), e);
    }
  }

  /** The shortest exact notation. */
  public static String format(long ps) {
    return Quantity.format(ps, Unit.PS);
  }
}
