package org.legosim.configs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.legosim.timing.ConfigException;

/** Turns a sweep into its points. */
final class SweepPlanner {
  private final SweepSpec spec;
  private final Footprints footprints;
  private final List<SweepPoint> points = new ArrayList<>();
  /** Labels of the points so far by what makes them the same simulation. */
  private final Map<List<Object>, Map<String, String>> seen = new LinkedHashMap<>();

  SweepPlanner(SweepSpec spec, Footprints footprints) {
    this.spec = spec;
    this.footprints = footprints;
  }

  List<SweepPoint> points() {
    for (int machine = 0; machine < spec.machines().size(); machine++) {
      for (int workload = 0; workload < spec.workloads().size(); workload++) {
        plan(machine, spec.workloads().get(workload));
      }
    }
    if (points.isEmpty()) {
      throw new ConfigException(spec.name() + ": no point meets all conditions of 'where'");
    }
    return List.copyOf(points);
  }

  private void plan(int machine, Workload workload) {
    int[] digits = new int[spec.steps().size()];
    boolean isMore = true;
    while (isMore) {
      addPoint(machine, workload, digits);
      isMore = advance(digits);
    }
  }

  /** The next combination, the last axis fastest; false after the last one. */
  private boolean advance(int[] digits) {
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i]++;
      if (digits[i] < spec.steps().get(i).get(0).values().size()) {
        return true;
      }
      digits[i] = 0;
    }
    return false;
  }

  private void addPoint(int machine, Workload workload, int[] digits) {
    EffectiveConfig base = spec.machines().get(machine);
    SortedMap<String, Setting> swept = new TreeMap<>();
    Map<String, String> labels = new LinkedHashMap<>();
    Optional<SweepAxis.OfFootprint> share = Optional.empty();
    for (int i = 0; i < digits.length; i++) {
      for (SweepAxis axis : spec.steps().get(i)) {
        SweepAxis.Value value = axis.values().get(digits[i]);
        labels.put(axis.key(), value.text());
        if (value instanceof SweepAxis.Fixed fixed) {
          swept.put(axis.key(), base.setting(axis.key()).withValue(fixed.value(), fixed.place()));
        } else {
          share = Optional.of((SweepAxis.OfFootprint) value);
        }
      }
    }
    EffectiveConfig config = base.with(swept);
    if (share.isPresent()) {
      // What the other conditions leave out need not have a size that makes sense.
      if (!meetsAll(config, workload, false)) {
        return;
      }
      swept.put(SizeOrShare.KEY, resolved(share.get(), config, workload));
      config = base.with(swept);
    }
    if (!meetsAll(config, workload, true)) {
      return;
    }
    config.validate();
    refuseRepeated(List.of(machine, workload, plain(swept)), labels);
    boolean hasSweptMachine = spec.machines().size() > 1;
    for (long seed : spec.seeds()) {
      points.add(
          new SweepPoint(points.size(), base, workload, seed, swept, hasSweptMachine, labels));
    }
  }

  private Setting resolved(SweepAxis.OfFootprint value, EffectiveConfig config, Workload workload) {
    long setBytes =
        Math.multiplyExact(config.amount("pcache.line"), Math.max(1, config.amount("pcache.ways")));
    long bytes = value.share().wholeSets(footprintBytes(workload), setBytes, value.place());
    Setting before = config.setting(SizeOrShare.KEY);
    ValueParser.checked(before.spec(), bytes, value.text(), value.place());
    return before.withValue(new ConfigValue.Amount(bytes), value.place());
  }

  private long footprintBytes(Workload workload) {
    return workload.items().stream()
        .mapToLong(item -> footprints.bytes(item.trace()))
        .sum();
  }

  private boolean meetsAll(EffectiveConfig config, Workload workload, boolean isSizeKnown) {
    for (SweepCondition condition : spec.conditions()) {
      String key = condition.spec().key();
      ConfigValue actual = config.setting(key).value();
      boolean isKnown = isSizeKnown || !key.equals(SizeOrShare.KEY);
      if (isKnown && !condition.holds(actual, () -> footprintBytes(workload))) {
        return false;
      }
    }
    return true;
  }

  private void refuseRepeated(List<Object> identity, Map<String, String> labels) {
    Map<String, String> earlier = seen.putIfAbsent(identity, labels);
    if (earlier != null) {
      throw new ConfigException(spec.name()
          + ": two points are the same simulation: "
          + earlier
          + " and "
          + labels
          + "; remove one (a share of a footprint is rounded down to whole sets)");
    }
  }

  private static Map<String, Object> plain(SortedMap<String, Setting> swept) {
    Map<String, Object> plain = new LinkedHashMap<>();
    swept.forEach((key, setting) -> plain.put(key, setting.value().plain()));
    return plain;
  }
}
