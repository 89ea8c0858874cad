package org.legosim.timing.results;

/**
 * One figure of one node, where a machine has several of a kind.
 *
 * @param node its name
 * @param name of the figure, in snake case with its unit last where it has one
 * @param value what it is
 */
public record NodeRow(String node, String name, long value) {}
