package org.legosim.kernel.system;

/**
 * Where a processor node's misses are recorded, together with those of the other nodes.
 *
 * @param sampler single misses
 * @param series misses over time
 * @param firstCpu number of the node's CPU 0, when CPUs are numbered through all nodes
 */
record MissRecords(MissSampler sampler, SeriesRecorder series, int firstCpu) {}
