package org.legosim.kernel.processor;

import org.legosim.hardware.cache.CachesModel;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.tlb.TlbParams;

/** The hardware that the CPUs of a node execute user code on. */
public record CpuModel(
    CoreParams core, CachesParams caches, TlbParams tlb, ProcessorDramParams dram) {
  /**
   * True when only pages are simulated. Without caches there is nothing that a page walk could read
   * from, so the TLB is then ideal whatever {@code tlb.model} says.
   */
  public boolean isPageLevel() {
    return caches.model() == CachesModel.OFF;
  }
}
