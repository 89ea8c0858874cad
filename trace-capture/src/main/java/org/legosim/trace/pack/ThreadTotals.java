package org.legosim.trace.pack;

/**
 * What one thread's records add up to.
 *
 * @param pid its process
 * @param tid as captured
 * @param records accesses, fetches and events
 * @param accesses data accesses; fetches are not counted
 * @param fetches instruction fetch records
 * @param events system calls' two ends, signals, exec, exit, marks
 * @param instructions retired
 * @param firstSequence of its first entry; 0 when it has none
 */
public record ThreadTotals(
    int pid,
    int tid,
    long records,
    long accesses,
    long fetches,
    long events,
    long instructions,
    long firstSequence) {}
