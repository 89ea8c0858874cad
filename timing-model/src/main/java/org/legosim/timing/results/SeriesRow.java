package org.legosim.timing.results;

/**
 * One value of a quantity over simulated time.
 *
 * @param timePs end of the interval
 * @param metric name of the quantity, as in the dictionary
 * @param value its increase over the interval
 */
public record SeriesRow(long timePs, String metric, long value) {}
