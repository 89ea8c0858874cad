package org.legosim.configs;

import java.util.List;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.dram.MemoryDramParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.fabric.DmaEngineParams;
import org.legosim.hardware.fabric.VerbsProgramParams;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.pcache.PcacheParams;
import org.legosim.kernel.system.SystemParams;

/**
 * The records that the models declare their parameters in: an explicit list, so that a key exists
 * because someone wired it, not because a class happens to be on the class path.
 */
public final class KnownParameters {
  private static final List<Class<? extends Record>> RECORDS = List.of(
      SystemParams.class, MemoryDramParams.class, DmaEngineParams.class, VerbsProgramParams.class);

  private static final List<ConfigRule> RULES = List.of(
      ConfigRule.derives(PcacheParams.class, PcacheParams::geometry),
      ConfigRule.derives(CachesParams.class, CachesParams::l1d),
      ConfigRule.derives(CachesParams.class, CachesParams::l2),
      ConfigRule.derives(CachesParams.class, CachesParams::llc),
      ConfigRule.derives(ProcessorDramParams.class, ProcessorDramParams::config),
      ConfigRule.derives(MemoryDramParams.class, MemoryDramParams::config),
      ConfigRule.derives(NetworkParams.class, NetworkParams::verify));

  private KnownParameters() {}

  /** A catalogue of all of them. */
  public static ParameterCatalog catalog() {
    return ParameterCatalog.of(RECORDS, RULES);
  }
}
