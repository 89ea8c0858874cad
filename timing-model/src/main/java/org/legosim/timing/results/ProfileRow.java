package org.legosim.timing.results;

/**
 * What one node's kernel printed of one profile point.
 *
 * @param node name of the node: {@code P0}, {@code M0}
 * @param count times that it was left
 * @param totalPs simulated time inside it, with what is nested in it
 */
public record ProfileRow(String node, ProfilePoint point, long count, long totalPs) {}
