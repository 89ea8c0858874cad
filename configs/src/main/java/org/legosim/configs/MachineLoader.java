package org.legosim.configs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ConfigException;

/** Reads a machine file and, through {@code extends}, the presets below it. */
final class MachineLoader {
  private static final String EXTENDS = "extends";
  private static final String DESCRIPTION = "description";
  private static final int MAX_CHAIN = 16;

  private final ParameterCatalog catalog;
  private final Machines machines;

  MachineLoader(ParameterCatalog catalog, Machines machines) {
    this.catalog = catalog;
    this.machines = machines;
  }

  EffectiveConfig load(String nameOrPath, Place asked) {
    return load(new Reference(nameOrPath, asked), new ArrayList<>());
  }

  /**
   * @param text a name, or a path that is resolved already
   */
  private record Reference(String text, Place place) {
    String identity() {
      return Machines.isPath(text) ? Path.of(text).toAbsolutePath().normalize().toString() : text;
    }

    String name() {
      if (!Machines.isPath(text)) {
        return text;
      }
      String file = String.valueOf(Path.of(text).getFileName());
      return file.replaceFirst("\\.ya?ml$", "");
    }
  }

  private EffectiveConfig load(Reference reference, List<String> chain) {
    refuseCycle(reference, chain);
    YamlNode root = Machines.isPath(reference.text())
        ? StrictYaml.readFile(Machines.path(reference.text(), reference.place()))
        : machines.readNamed(reference.text(), reference.place());
    if (!(root instanceof YamlNode.Mapping file)) {
      throw new ConfigException(
          root.place() + ": a machine file holds keys and values, not " + root.kind());
    }
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>(file.entries());
    Optional<Reference> parent = parent(entries.remove(EXTENDS), reference);
    String description = text(DESCRIPTION, entries.remove(DESCRIPTION));
    EffectiveConfig base =
        parent.map(below -> load(below, chain)).orElseGet(() -> EffectiveConfig.defaults(catalog));
    Overlay overlay = new Overlay(catalog);
    entries.forEach(overlay::add);
    return base.with(overlay).named(reference.name(), description);
  }

  private static void refuseCycle(Reference reference, List<String> chain) {
    String identity = reference.identity();
    boolean isCycle = chain.contains(identity);
    chain.add(identity);
    if (isCycle) {
      throw new ConfigException(
          reference.place() + ": extends itself: " + String.join(" -> ", chain));
    }
    if (chain.size() > MAX_CHAIN) {
      throw new ConfigException(
          reference.place() + ": a chain of more than " + MAX_CHAIN + " presets");
    }
  }

  private static Optional<Reference> parent(YamlNode.@Nullable Entry entry, Reference child) {
    if (entry == null) {
      return Optional.empty();
    }
    String text = text(EXTENDS, entry);
    Place place = entry.value().place();
    if (!Machines.isPath(text)) {
      return Optional.of(new Reference(text, place));
    }
    if (!Machines.isPath(child.text())) {
      throw new ConfigException(
          place + ": a machine that is found by name extends a name, not the path '" + text + "'");
    }
    Path file = Machines.path(child.text(), place);
    return Optional.of(
        new Reference(file.resolveSibling(Machines.path(text, place)).toString(), place));
  }

  private static String text(String field, YamlNode.@Nullable Entry entry) {
    if (entry == null) {
      return "";
    }
    if (entry.value() instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text().strip();
    }
    throw new ConfigException(entry.value().place() + ": '" + field + "' must be one line of text");
  }
}
