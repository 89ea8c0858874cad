package org.legosim.kernel.system;

import org.legosim.timing.trace.TraceImage;

/**
 * A trace as an application of the system.
 *
 * @param trace its records
 * @param startPs when its first threads become runnable
 */
public record Application(TraceImage trace, long startPs) {}
