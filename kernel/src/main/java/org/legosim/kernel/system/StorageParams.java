package org.legosim.kernel.system;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Storage nodes, which this version does not model: files are read and written at once. */
public record StorageParams(
    @Parameter(
        key = "storage.nodes",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..0",
        doc = "Storage nodes; this version models none.")
    int nodes) {}
