package org.legosim.timing.results;

import java.util.List;

/**
 * One sampled page miss with every part of its latency.
 *
 * @param startPs simulated time of the fault
 * @param kind how it was filled: {@code remote}, {@code piggyback}, {@code victim}, {@code zero},
 *     {@code cow}, {@code lost-race}
 * @param totalPs from the faulting access to its retry
 * @param partsPs one entry per {@link TimeCategory} in its order; they add up to {@code totalPs}
 */
public record MissSample(
    long startPs,
    int cpu,
    int pid,
    int tid,
    long address,
    int set,
    int way,
    String kind,
    long totalPs,
    List<Long> partsPs) {}
