package org.legosim.timing.trace;

/**
 * A thread of the trace; its index in {@link TraceImage#threads()} names it everywhere.
 *
 * @param pid its process
 * @param tid as captured
 * @param records accesses and events together
 * @param accesses data accesses; fetches are not counted
 * @param instructions retired instructions
 * @param firstSequence global sequence number of its first event, or of the trace's start
 */
public record ThreadImage(
    int pid, int tid, long records, long accesses, long instructions, long firstSequence) {}
