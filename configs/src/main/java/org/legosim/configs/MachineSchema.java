package org.legosim.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * JSON schema of a machine file, generated from the catalogue, for editors that complete and check.
 * Ranges between notations ({@code 1..16 GiB}) are beyond a schema: it gives them in the description
 * and legosim itself enforces them.
 */
public final class MachineSchema {
  private static final String NUMBER = "[+-]?[0-9]+([.][0-9]+)?";

  private final ParameterCatalog catalog;

  private MachineSchema(ParameterCatalog catalog) {
    this.catalog = catalog;
  }

  /** The schema as JSON text (draft 2020-12). */
  public static String of(ParameterCatalog catalog) {
    return Json.write(new MachineSchema(catalog).schema());
  }

  private Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "legosim machine");
    schema.put("type", "object");
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("extends", Map.of("type", "string"));
    properties.put("description", Map.of("type", "string"));
    properties.putAll(below(""));
    schema.put("properties", properties);
    schema.put("additionalProperties", false);
    Map<String, Object> definitions = new LinkedHashMap<>();
    catalog.specs().forEach(spec -> definitions.put(spec.key(), definition(spec)));
    schema.put("$defs", definitions);
    return schema;
  }

  /** Every spelling of what lies below a group: dotted to the end, or one word and a mapping. */
  private Map<String, Object> below(String group) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (ParameterSpec spec : catalog.specs()) {
      String key = spec.key();
      if (!key.startsWith(group)) {
        continue;
      }
      String rest = key.substring(group.length());
      for (int dot = rest.indexOf('.'); dot > 0; dot = rest.indexOf('.', dot + 1)) {
        String word = rest.substring(0, dot);
        if (!properties.containsKey(word)) {
          Map<String, Object> nested = new LinkedHashMap<>();
          nested.put("type", "object");
          nested.put("properties", below(group + word + "."));
          nested.put("additionalProperties", false);
          properties.put(word, nested);
        }
      }
      properties.put(rest, Map.of("$ref", "#/$defs/" + key));
    }
    return properties;
  }

  private static Map<String, Object> definition(ParameterSpec spec) {
    Map<String, Object> sourced = new LinkedHashMap<>();
    sourced.put("type", "object");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("value", value(spec));
    fields.put("source", Map.of("type", "string"));
    fields.put(
        "status",
        Map.of("enum", List.of(Status.values()).stream().map(Status::name).toList()));
    fields.put("fittedTo", Map.of("type", "string"));
    sourced.put("properties", fields);
    sourced.put("required", List.of("value", "source", "status"));
    sourced.put("additionalProperties", false);
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("description", spec.doc() + " Allowed: " + spec.allowed() + ".");
    definition.put("default", spec.format(spec.defaultValue()));
    definition.put("anyOf", List.of(value(spec), sourced));
    return definition;
  }

  private static Map<String, Object> value(ParameterSpec spec) {
    Map<String, Object> type = new LinkedHashMap<>();
    switch (spec.kind()) {
      case AMOUNT -> {
        type.put("type", spec.unit() == Unit.COUNT ? List.of("integer", "string") : "string");
        type.put("pattern", pattern(spec));
      }
      case FLAG -> type.put("enum", List.of("on", "off", true, false, "yes", "no"));
      case CHOICE ->
        type.put(
            "enum",
            spec.range().words().isEmpty() ? spec.choices() : spec.range().words());
      case TEXT -> {
        type.put("type", List.of("string", "number", "boolean"));
        if (!spec.range().words().isEmpty()) {
          type.put("enum", spec.range().words());
        }
      }
      case LIST -> {
        type.put("type", "array");
        type.put(
            "items",
            spec.range().words().isEmpty()
                ? Map.of("type", "string")
                : Map.of("enum", spec.range().words()));
      }
    }
    return type;
  }

  private static String pattern(ParameterSpec spec) {
    String units =
        Quantity.spellings(spec.unit()).stream().collect(Collectors.joining("|", "(", ")"));
    String number = NUMBER + " *" + units;
    return spec.words().isEmpty()
        ? "^" + number + "$"
        : "^(" + number + "|" + String.join("|", spec.words().keySet()) + ")$";
  }
}
