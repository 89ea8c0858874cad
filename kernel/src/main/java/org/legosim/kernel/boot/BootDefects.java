package org.legosim.kernel.boot;

import java.util.List;

/**
 * Defects of the real kernel, each one decision in one place.
 *
 * @param skipsCallbacks F-7: CPUs come up without the callbacks that announce them
 */
public record BootDefects(boolean skipsCallbacks) {
  /** The corrected kernel. */
  public static final BootDefects NONE = new BootDefects(false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static BootDefects of(List<String> faults) {
    return new BootDefects(faults.contains("F-7"));
  }
}
