package org.legosim.reports.store;

import org.legosim.timing.params.Unit;

/**
 * An axis of a sweep.
 *
 * @param name dotted configuration key, or {@code trace}, {@code machine}
 * @param unit of its values; {@link Unit#TEXT} for words
 */
public record SweptKey(String name, Unit unit) {}
