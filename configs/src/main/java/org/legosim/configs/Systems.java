package org.legosim.configs;

import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.hardware.tlb.TlbParams;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.kernel.pcache.PcacheCosts;
import org.legosim.kernel.pcache.PcacheParams;
import org.legosim.kernel.processor.CpuModel;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.kernel.processor.ProcessorParams;
import org.legosim.kernel.system.CheckParams;
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
    return new SystemParams(
        config.bind(ProcessorParams.class),
        config.bind(ProcessorCosts.class),
        new CpuModel(
            config.bind(CoreParams.class),
            config.bind(CachesParams.class),
            config.bind(TlbParams.class),
            config.bind(ProcessorDramParams.class)),
        config.bind(PcacheParams.class),
        config.bind(PcacheCosts.class),
        config.bind(NetworkParams.class),
        config.bind(FitParams.class),
        config.bind(MemoryNodeParams.class),
        config.bind(CheckParams.class));
  }
}
