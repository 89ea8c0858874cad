package org.legosim.configs;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Unit;

/** Reads a sweep file. */
final class SweepParser {
  private static final List<String> FIELDS = List.of(
      "description", "machine", "traces", "workload", "axes", "zip", "set", "where", "seeds");
  private static final List<String> ITEM_FIELDS = List.of("trace", "node", "startAt");

  private final Path file;
  private final Machines machines;
  private final Map<String, YamlNode.Entry> entries;
  private final Place place;

  private SweepParser(Path file, Machines machines, YamlNode.Mapping root) {
    this.file = file;
    this.machines = machines;
    this.entries = root.entries();
    this.place = root.place();
  }

  static SweepSpec read(Path file, Machines machines) {
    YamlNode root = StrictYaml.readFile(file);
    if (!(root instanceof YamlNode.Mapping mapping)) {
      throw new ConfigException(
          root.place() + ": a sweep file holds keys and values, not " + root.kind());
    }
    return new SweepParser(file, machines, mapping).spec();
  }

  /** Refuses more points than a plan may have, before anything is made of them. */
  static void refuseAbsurd(BigInteger count, String noun, String what, Place where) {
    if (count.compareTo(BigInteger.valueOf(SweepSpec.MAX_POINTS)) > 0) {
      throw new ConfigException(where
          + ": "
          + what
          + " has "
          + count
          + " "
          + noun
          + "; at most "
          + SweepSpec.MAX_POINTS
          + " points are planned: narrow a range or split the sweep");
    }
  }

  private SweepSpec spec() {
    for (Map.Entry<String, YamlNode.Entry> entry : entries.entrySet()) {
      if (!FIELDS.contains(entry.getKey())) {
        throw unknownField(entry.getKey(), entry.getValue(), FIELDS);
      }
    }
    Map<String, SweepAxis> axes = axes();
    List<List<SweepAxis>> steps = steps(axes);
    List<EffectiveConfig> configs = configs(axes);
    List<Workload> workloads = workloads();
    List<Long> seeds = seeds();
    BigInteger count = BigInteger.valueOf(configs.size());
    count = count.multiply(BigInteger.valueOf(workloads.size()));
    count = count.multiply(BigInteger.valueOf(seeds.size()));
    for (List<SweepAxis> step : steps) {
      count = count.multiply(BigInteger.valueOf(step.get(0).values().size()));
    }
    refuseAbsurd(count, "points", "the sweep", place);
    List<SweepCondition> conditions = items(entries.get("where")).stream()
        .map(item -> SweepCondition.parse(item, machines.catalog()))
        .toList();
    YamlNode.Entry description = entries.get("description");
    return new SweepSpec(
        name(),
        description == null ? "" : text("description", description.value()),
        configs,
        workloads,
        steps,
        conditions,
        seeds);
  }

  private String name() {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  private Map<String, SweepAxis> axes() {
    Map<String, SweepAxis> axes = new LinkedHashMap<>();
    YamlNode.Entry entry = entries.get("axes");
    if (entry == null) {
      return axes;
    }
    for (var axis : mapping("axes", entry.value()).entries().entrySet()) {
      ParameterSpec spec =
          machines.catalog().require(axis.getKey(), axis.getValue().keyPlace());
      axes.put(spec.key(), SweepValues.axis(spec, axis.getValue()));
    }
    return axes;
  }

  /** Each axis alone, except those that {@code zip} puts together where the first of them stands. */
  private List<List<SweepAxis>> steps(Map<String, SweepAxis> axes) {
    Map<String, List<SweepAxis>> groupOf = new LinkedHashMap<>();
    for (List<SweepAxis> group : zipped(axes)) {
      for (SweepAxis axis : group) {
        if (groupOf.put(axis.key(), group) != null) {
          throw new ConfigException(
              axis.place() + ": axis " + axis.key() + " is zipped twice; name it once");
        }
      }
    }
    Set<List<SweepAxis>> steps = new LinkedHashSet<>();
    axes.values().stream()
        .filter(axis -> !groupOf.containsKey(axis.key()))
        .forEach(SweepValues::refuseRepeated);
    axes.forEach((key, axis) -> steps.add(groupOf.getOrDefault(key, List.of(axis))));
    return List.copyOf(steps);
  }

  private List<List<SweepAxis>> zipped(Map<String, SweepAxis> axes) {
    List<YamlNode> items = items(entries.get("zip"));
    boolean isOneGroup = items.stream().anyMatch(YamlNode.Scalar.class::isInstance);
    List<List<SweepAxis>> groups = new ArrayList<>();
    if (isOneGroup) {
      groups.add(group(items, axes));
    } else {
      items.forEach(item -> groups.add(group(list("zip", item), axes)));
    }
    return groups;
  }

  private List<SweepAxis> group(List<YamlNode> names, Map<String, SweepAxis> axes) {
    List<SweepAxis> group = new ArrayList<>();
    for (YamlNode node : names) {
      String name = text("zip", node);
      SweepAxis axis = axes.get(name);
      if (axis == null) {
        throw new ConfigException(node.place()
            + ": zip: '"
            + name
            + "' is no axis"
            + NearestName.suggestion(name, axes.keySet()));
      }
      group.add(axis);
      int expected = group.get(0).values().size();
      if (axis.values().size() != expected) {
        throw new ConfigException(node.place()
            + ": zip: "
            + name
            + " has "
            + axis.values().size()
            + " values, "
            + group.get(0).key()
            + " has "
            + expected
            + "; axes in step need the same number");
      }
    }
    return group;
  }

  private List<EffectiveConfig> configs(Map<String, SweepAxis> axes) {
    YamlNode.Entry entry = entries.get("machine");
    if (entry == null) {
      throw new ConfigException(
          place + ": 'machine' is missing; write machine: NAME, or a list of names");
    }
    Overlay fixed = new Overlay(machines.catalog());
    YamlNode.Entry set = entries.get("set");
    if (set != null) {
      fixed.addAll("", mapping("set", set.value()));
    }
    SortedMap<String, Place> both = new TreeMap<>();
    axes.forEach((key, axis) -> fixed.place(key).ifPresent(where -> both.put(key, where)));
    if (!both.isEmpty()) {
      String key = both.firstKey();
      throw new ConfigException(
          both.get(key) + ": " + key + " is set and is an axis as well; remove one");
    }
    List<EffectiveConfig> configs = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (YamlNode node : listOrOne(entry.value())) {
      String name = text("machine", node);
      if (!names.add(name)) {
        throw new ConfigException(node.place() + ": machine '" + name + "' is given twice");
      }
      configs.add(
          machines.load(resolvedMachine(name, node.place()), node.place()).with(fixed));
    }
    if (configs.isEmpty()) {
      throw new ConfigException(entry.value().place() + ": 'machine' names none");
    }
    return configs;
  }

  private String resolvedMachine(String name, Place where) {
    return Machines.isPath(name)
        ? file.resolveSibling(Machines.path(name, where)).toString()
        : name;
  }

  private List<Workload> workloads() {
    YamlNode.Entry traces = entries.get("traces");
    YamlNode.Entry workload = entries.get("workload");
    if ((traces == null) == (workload == null)) {
      throw new ConfigException(place
          + ": give either 'traces' (a list, each in turn) or 'workload' (a list of {trace,"
          + " node, startAt}, all at once)");
    }
    List<Workload> workloads = new ArrayList<>();
    if (workload != null) {
      List<Workload.Item> items = new ArrayList<>();
      list("workload", workload.value()).forEach(node -> items.add(item(node)));
      if (items.isEmpty()) {
        throw new ConfigException(workload.value().place() + ": 'workload' names no trace");
      }
      workloads.add(new Workload(items));
    } else if (traces != null) {
      for (YamlNode node : listOrOne(traces.value())) {
        workloads.add(new Workload(List.of(new Workload.Item(trace(node), 0, 0))));
      }
      if (workloads.isEmpty()) {
        throw new ConfigException(traces.value().place() + ": 'traces' names none");
      }
    }
    if (new LinkedHashSet<>(workloads).size() < workloads.size()) {
      throw new ConfigException(place + ": 'traces' names one trace twice");
    }
    return workloads;
  }

  private Workload.Item item(YamlNode node) {
    if (node instanceof YamlNode.Scalar) {
      return new Workload.Item(trace(node), 0, 0);
    }
    Map<String, YamlNode.Entry> fields = mapping("workload", node).entries();
    fields.forEach((name, entry) -> {
      if (!ITEM_FIELDS.contains(name)) {
        throw unknownField(name, entry, ITEM_FIELDS);
      }
    });
    YamlNode.Entry trace = fields.get("trace");
    if (trace == null) {
      throw new ConfigException(node.place() + ": 'trace' is missing in this workload entry");
    }
    long number = amount("node", fields.get("node"), Unit.COUNT);
    if (number > 1023) {
      throw new ConfigException(node.place() + ": node " + number + " is absurdly large");
    }
    return new Workload.Item(
        trace(trace.value()), (int) number, amount("startAt", fields.get("startAt"), Unit.PS));
  }

  private Path trace(YamlNode node) {
    return file.resolveSibling(Machines.path(text("trace", node), node.place())).normalize();
  }

  private List<Long> seeds() {
    YamlNode.Entry entry = entries.get("seeds");
    if (entry == null) {
      return List.of(1L);
    }
    Set<Long> seeds = new LinkedHashSet<>();
    for (YamlNode node : list("seeds", entry.value())) {
      if (!seeds.add(amount("seeds", new YamlNode.Entry(node.place(), node), Unit.COUNT))) {
        throw new ConfigException(node.place() + ": seed " + node.kind() + " is given twice");
      }
    }
    if (seeds.isEmpty()) {
      throw new ConfigException(entry.value().place() + ": 'seeds' has none");
    }
    return List.copyOf(seeds);
  }

  private static long amount(String field, YamlNode.@Nullable Entry entry, Unit unit) {
    if (entry == null) {
      return 0;
    }
    Place where = entry.value().place();
    try {
      long amount = Quantity.parse(text(field, entry.value()), unit);
      if (amount >= 0) {
        return amount;
      }
      throw new ConfigException(where + ": " + field + ": must not be negative");
    } catch (Quantity.RefusedException e) {
      throw new ConfigException(where + ": " + field + ": " + e.getMessage(), e);
    }
  }

  private static ConfigException unknownField(
      String name, YamlNode.Entry entry, List<String> allowed) {
    return new ConfigException(entry.keyPlace()
        + ": unknown field '"
        + name
        + "'"
        + NearestName.suggestion(name, allowed)
        + "; allowed: "
        + String.join(", ", allowed));
  }

  private static List<YamlNode> items(YamlNode.@Nullable Entry entry) {
    return entry == null ? List.of() : listOrOne(entry.value());
  }

  private static List<YamlNode> listOrOne(YamlNode node) {
    return node instanceof YamlNode.Items list ? list.items() : List.of(node);
  }

  private static List<YamlNode> list(String field, YamlNode node) {
    if (node instanceof YamlNode.Items list) {
      return list.items();
    }
    throw new ConfigException(
        node.place() + ": '" + field + "' must be a list, not " + node.kind());
  }

  private static YamlNode.Mapping mapping(String field, YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw new ConfigException(
        node.place() + ": '" + field + "' must hold keys and values, not " + node.kind());
  }

  private static String text(String field, YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text().strip();
    }
    throw new ConfigException(node.place() + ": '" + field + "' must be text, not " + node.kind());
  }
}
