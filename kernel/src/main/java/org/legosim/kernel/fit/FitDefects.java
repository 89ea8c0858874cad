package org.legosim.kernel.fit;

import java.util.List;
import org.legosim.kernel.connect.ConnectDefects;

/**
 * Defects of the RPC layer and of the network under it, each one decision in one place.
 *
 * @param flipsBits F-14: a bit of every sixteenth page in a reply is another one when it arrives
 * @param reusesTimedOutWords F-22: a call that times out keeps its reply slot for ever, and its late reply
 *     is written to where its word was, which is where the caller's next word is
 * @param connect those of the connections' set-up
 */
public record FitDefects(boolean flipsBits, boolean reusesTimedOutWords, ConnectDefects connect) {
  /** The corrected layer over a network without errors. */
  public static final FitDefects NONE = new FitDefects(false, false, ConnectDefects.NONE);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static FitDefects of(List<String> faults) {
    return new FitDefects(
        faults.contains("F-14"), faults.contains("F-22"), ConnectDefects.of(faults));
  }
}
