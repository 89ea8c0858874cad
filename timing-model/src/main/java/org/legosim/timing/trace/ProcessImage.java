package org.legosim.timing.trace;

import java.util.List;

/**
 * A process of the trace.
 *
 * @param pid as captured; unique within the trace
 * @param parentPid 0 or a process outside the trace for a root
 * @param name as captured, untrusted text
 * @param images initial mappings of each program image in order: the first is what the process began
 *     with (empty for a forked child, which inherits), each further one belongs to the next {@link
 *     EventKind#EXEC} event of the process
 */
public record ProcessImage(int pid, int parentPid, String name, List<List<Mapping>> images) {}
