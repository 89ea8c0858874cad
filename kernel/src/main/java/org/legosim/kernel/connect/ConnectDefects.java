package org.legosim.kernel.connect;

import java.util.List;

/**
 * Defects of the connections' set-up, each one decision in one place.
 *
 * @param goesOnWithoutContext F-16: a node whose set-up fails boots on, and follows the NULL pointer that is its
 *     connections' context when it sends
 */
public record ConnectDefects(boolean goesOnWithoutContext) {
  /** The corrected kernel. */
  public static final ConnectDefects NONE = new ConnectDefects(false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static ConnectDefects of(List<String> faults) {
    return new ConnectDefects(faults.contains("F-16"));
  }
}
