package org.legosim.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Status;

/**
 * Settings of some keys, to be laid over others: one machine file, or the {@code --set} options of a
 * command. Keys may be nested mappings or dotted, in any mixture.
 */
final class Overlay {
  private static final List<String> CONSTANT_FIELDS =
      List.of("value", "source", "status", "fittedTo");

  private final ParameterCatalog catalog;
  private final Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();

  Overlay(ParameterCatalog catalog) {
    this.catalog = catalog;
  }

  /** Adds everything below a mapping; {@code prefix} is empty at the top of a file. */
  void addAll(String prefix, YamlNode.Mapping mapping) {
    mapping
        .entries()
        .forEach((name, entry) -> add(prefix.isEmpty() ? name : prefix + "." + name, entry));
  }

  void add(String key, YamlNode.Entry entry) {
    if (catalog.find(key).isPresent()) {
      YamlNode.Entry earlier = entries.putIfAbsent(key, entry);
      if (earlier != null) {
        throw new ConfigException(entry.keyPlace()
            + ": key '"
            + key
            + "' is given twice, first at "
            + earlier.keyPlace()
            + "; keep one");
      }
      return;
    }
    if (!catalog.isGroup(key)) {
      throw catalog.unknownKey(key, entry.keyPlace());
    }
    if (!(entry.value() instanceof YamlNode.Mapping below)) {
      throw new ConfigException(entry.keyPlace()
          + ": '"
          + key
          + "' is a group of keys, not a key; write "
          + key
          + ".NAME ('legosim machine schema' lists all keys)");
    }
    addAll(key, below);
  }

  /** Where a key is set, if it is. */
  Optional<Place> place(String key) {
    return Optional.ofNullable(entries.get(key)).map(YamlNode.Entry::keyPlace);
  }

  /** Replaces the value of a key that an earlier option may have set. */
  void replace(String key, YamlNode.Entry entry) {
    entries.put(catalog.require(key, entry.keyPlace()).key(), entry);
  }

  /** Lays these settings over {@code base}. */
  SortedMap<String, Setting> over(SortedMap<String, Setting> base) {
    SortedMap<String, Setting> result = new TreeMap<>(base);
    entries.forEach((key, entry) -> {
      ParameterSpec spec = catalog.require(key, entry.keyPlace());
      Setting before = base.getOrDefault(key, Setting.ofDefault(spec));
      result.put(key, setting(before, entry));
    });
    return result;
  }

  private static Setting setting(Setting before, YamlNode.Entry entry) {
    if (entry.value() instanceof YamlNode.Mapping constant) {
      return sourced(before.spec(), constant);
    }
    ConfigValue value = ValueParser.value(before.spec(), entry.value());
    return before.withValue(value, entry.value().place());
  }

  /** {@code {value, source, status, fittedTo}}: a value that brings its own source. */
  private static Setting sourced(ParameterSpec spec, YamlNode.Mapping constant) {
    constant.entries().forEach((name, entry) -> {
      if (!CONSTANT_FIELDS.contains(name)) {
        throw new ConfigException(entry.keyPlace()
            + ": "
            + spec.key()
            + ": unknown field '"
            + name
            + "'"
            + NearestName.suggestion(name, CONSTANT_FIELDS)
            + "; allowed: "
            + String.join(", ", CONSTANT_FIELDS));
      }
    });
    YamlNode.Entry value = required(spec, constant, "value");
    String source = text(spec, required(spec, constant, "source"));
    Status status = status(spec, required(spec, constant, "status"));
    YamlNode.Entry fitted = constant.entries().get("fittedTo");
    String fittedTo = fitted == null ? "" : text(spec, fitted);
    return new Setting(
        spec,
        ValueParser.value(spec, value.value()),
        value.value().place(),
        status,
        source,
        fittedTo);
  }

  private static YamlNode.Entry required(
      ParameterSpec spec, YamlNode.Mapping constant, String field) {
    YamlNode.Entry entry = constant.entries().get(field);
    if (entry == null) {
      throw new ConfigException(constant.place()
          + ": "
          + spec.key()
          + ": '"
          + field
          + "' is missing; write {value: ..., source: ..., status: ...}, or the value alone");
    }
    return entry;
  }

  private static String text(ParameterSpec spec, YamlNode.Entry entry) {
    if (entry.value() instanceof YamlNode.Scalar scalar) {
      return scalar.text().strip();
    }
    throw new ConfigException(
        entry.value().place() + ": " + spec.key() + ": " + entry.value().kind() + " is not text");
  }

  private static Status status(ParameterSpec spec, YamlNode.Entry entry) {
    String name = text(spec, entry);
    for (Status status : Status.values()) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    List<String> names = List.of(Status.values()).stream().map(Status::name).toList();
    throw new ConfigException(entry.value().place()
        + ": "
        + spec.key()
        + ": unknown status '"
        + name
        + "'"
        + NearestName.suggestion(name, names)
        + "; allowed: "
        + String.join(", ", names));
  }
}
