package org.legosim.hardware.dram;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;

/**
 * The DRAM of one socket or memory node: channels behind a memory controller.
 *
 * <p>Accesses are served in the order of the calls; arrival times should not decrease by more than
 * the caller's own look-up times differ.
 */
@HotPath
public sealed interface Dram permits FixedDram, BankDram {
  /**
   * One access, split into lines.
   *
   * @param timePs when it leaves for the controller
   * @param bytes positive
   * @return when its last byte is back (a write: when its last byte has been sent to the devices)
   */
  long access(long timePs, long physicalAddress, int bytes, boolean isWrite);

  DramStatistics statistics();

  /** Builds the configured model. */
  static Dram of(DramConfig config, Ledger ledger) {
    return switch (config.model()) {
      case FIXED -> new FixedDram(config, ledger);
      case BANK -> new BankDram(config, ledger);
    };
  }
}
