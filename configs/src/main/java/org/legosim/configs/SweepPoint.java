package org.legosim.configs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One simulation of a sweep. Its configuration is built on demand: a plan may have many points. */
public final class SweepPoint {
  private final int index;
  private final EffectiveConfig base;
  private final Workload workload;
  private final long seed;
  private final SortedMap<String, Setting> swept;
  private final boolean hasSweptMachine;
  private final Map<String, String> labels;

  SweepPoint(
      int index,
      EffectiveConfig base,
      Workload workload,
      long seed,
      SortedMap<String, Setting> swept,
      boolean hasSweptMachine,
      Map<String, String> labels) {
    this.index = index;
    this.base = base;
    this.workload = workload;
    this.seed = seed;
    this.swept = swept;
    this.hasSweptMachine = hasSweptMachine;
    this.labels = labels;
  }

  /** Position in the plan, from 0. */
  public int index() {
    return index;
  }

  public EffectiveConfig config() {
    return base.with(swept);
  }

  public Workload workload() {
    return workload;
  }

  public long seed() {
    return seed;
  }

  /**
   * Every swept key with its value in canonical units ({@code Long}), as {@code on} or {@code off},
   * or as text; and {@code machine}, when the sweep has several. These identify the point, together
   * with the trace and the seed.
   */
  public SortedMap<String, Object> sweptKeys() {
    SortedMap<String, Object> keys = new TreeMap<>();
    swept.forEach((key, setting) -> keys.put(
        key,
        setting.value() instanceof ConfigValue.Amount amount
            ? (Object) amount.amount()
            : setting.text()));
    if (hasSweptMachine) {
      keys.put("machine", base.machine());
    }
    return Collections.unmodifiableSortedMap(keys);
  }

  /** Every swept key as the sweep file wrote it ({@code 10 %}), for people, in the file's order. */
  public Map<String, String> labels() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
