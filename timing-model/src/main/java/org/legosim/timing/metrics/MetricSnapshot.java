package org.legosim.timing.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.timing.ModelException;

/**
 * Metrics of a finished run in their fixed order. Counts and times are {@code long}; ratios and rates
 * are {@code double} computed once from longs, so they are the same on every machine.
 */
public final class MetricSnapshot {
  /** One metric with its value; exactly one of the two values is meaningful. */
  public record Entry(Metric metric, boolean integral, long longValue, double doubleValue) {
    public Object value() {
      return integral ? (Object) longValue : (Object) doubleValue;
    }
  }

  private static final double PS_PER_NS = 1e3;
  private static final double PS_PER_SECOND = 1e12;

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  public MetricSnapshot put(Metric metric, long value) {
    return add(new Entry(metric, true, value, 0));
  }

  public MetricSnapshot put(Metric metric, double value) {
    if (!Double.isFinite(value)) {
      throw new ModelException("metric " + metric.name() + " is not finite: " + value);
    }
    return add(new Entry(metric, false, 0, value));
  }

  /** Puts a time that was measured in picoseconds as nanoseconds, exact to a picosecond. */
  public MetricSnapshot putNs(Metric metric, long ps) {
    return put(metric, ps / PS_PER_NS);
  }

  /** Puts a ratio; 0 when there is nothing to divide by. */
  public MetricSnapshot putRatio(Metric metric, long numerator, long denominator) {
    return put(metric, denominator == 0 ? 0.0 : (double) numerator / denominator);
  }

  /** Puts how many there were per second of {@code ps}; 0 when no time passed. */
  public MetricSnapshot putPerSecond(Metric metric, long count, long ps) {
    return put(metric, ps == 0 ? 0.0 : count * PS_PER_SECOND / ps);
  }

  private MetricSnapshot add(Entry entry) {
    if (entries.put(entry.metric().name(), entry) != null) {
      throw new ModelException("metric " + entry.metric().name() + " is reported twice");
    }
    return this;
  }

  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public Entry get(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new ModelException("no metric is named " + name);
    }
    return entry;
  }

  public long getLong(String name) {
    Entry entry = get(name);
    return entry.integral() ? entry.longValue() : Math.round(entry.doubleValue());
  }

  public double getDouble(String name) {
    Entry entry = get(name);
    return entry.integral() ? entry.longValue() : entry.doubleValue();
  }
}
