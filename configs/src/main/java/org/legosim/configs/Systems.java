package org.legosim.configs;

import org.legosim.kernel.system.SystemParams;

/** Turns an effective configuration into the parameters of a system. */
public final class Systems {
  private Systems() {}

  /**
   * Binds every part's parameters.
   *
   * @throws org.legosim.timing.ConfigException when a value or a combination is not allowed
   */
  public static SystemParams bind(EffectiveConfig config) {
    return config.bind(SystemParams.class);
  }
}
