package org.legosim.kernel.system;

import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.kernel.pcache.PcacheCosts;
import org.legosim.kernel.pcache.PcacheParams;
import org.legosim.kernel.processor.CpuModel;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.kernel.processor.ProcessorParams;
import org.legosim.kernel.storage.StorageParams;

/** Every part's parameters, bound from one configuration. */
public record SystemParams(
    ProcessorParams processor,
    ProcessorCosts processorCosts,
    CpuModel cpu,
    PcacheParams pcache,
    PcacheCosts pcacheCosts,
    NetworkParams network,
    FitParams fit,
    MemoryNodeParams memory,
    StorageParams storage,
    CheckParams check) {}
