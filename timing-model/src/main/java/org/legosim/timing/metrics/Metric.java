package org.legosim.timing.metrics;

import org.legosim.timing.params.Unit;

/**
 * Definition of a metric: what the data dictionary prints.
 *
 * @param name snake_case, unit last
 * @param definition one sentence
 * @param identity an equation that holds in every run, or empty
 */
public record Metric(String name, Unit unit, String definition, String identity) {}
