package org.legosim.timing.results;

/**
 * A place where the capture says one thing and the simulated kernel another. The replay goes on with the
 * captured value.
 *
 * @param pid process of the thread, as captured
 * @param tid thread, as captured
 * @param record number of the record in its thread that carries the captured value
 * @param call name of the system call, or what else it is about
 * @param captured the captured outcome, in words
 * @param simulated what the simulated kernel would have answered, in words
 */
public record Disagreement(
    int pid, int tid, long record, String call, String captured, String simulated) {}
