package org.legosim.configs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What {@code machine list} and {@code machine show} print. */
public final class MachineText {
  private static final Pattern SAFE_TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./+-]*");
  private static final int COMMENT_COLUMN = 44;

  private MachineText() {}

  /** One line per machine: name and description. */
  public static String list(List<Machines.Entry> machines) {
    int width = machines.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Machines.Entry entry : machines) {
      text.append(padded(entry.name(), width))
          .append("  ")
          .append(entry.description())
          .append('\n');
    }
    return text.toString();
  }

  /** The same as JSON: a list of {@code {"name", "description"}}. */
  public static String listJson(List<Machines.Entry> machines) {
    return Json.write(machines.stream()
        .map(entry -> ordered("name", entry.name(), "description", entry.description()))
        .toList());
  }

  /**
   * The effective configuration as a machine file, with status, source and place as comments. Read
   * back, it gives the same digest.
   */
  public static String yaml(EffectiveConfig config) {
    StringBuilder text = new StringBuilder();
    text.append("# effective configuration of ").append(config.machine()).append('\n');
    text.append("# digest ").append(config.digest()).append('\n');
    if (!config.description().isEmpty()) {
      text.append("description: ").append(quoted(config.description())).append('\n');
    }
    String group = "";
    for (Setting setting : config.settings()) {
      String key = setting.key();
      int dot = key.indexOf('.');
      String itsGroup = dot < 0 ? "" : key.substring(0, dot);
      if (!itsGroup.equals(group)) {
        text.append(itsGroup.isEmpty() ? "\n" : "\n" + itsGroup + ":\n");
        group = itsGroup;
      }
      String line = (dot < 0 ? key : "  " + key.substring(dot + 1)) + ": " + yamlValue(setting);
      text.append(padded(line, COMMENT_COLUMN))
          .append("  # ")
          .append(comment(setting))
          .append('\n');
    }
    return text.toString();
  }

  /** The effective configuration as JSON: every key with value, unit, status, source and place. */
  public static String json(EffectiveConfig config) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Setting setting : config.settings()) {
      settings.put(
          setting.key(),
          ordered(
              "value", setting.value().plain(),
              "unit", setting.spec().unit().symbol(),
              "text", setting.text(),
              "status", setting.status().name(),
              "source", setting.source(),
              "fittedTo", setting.fittedTo(),
              "setAt", setting.place().toString()));
    }
    return Json.write(ordered(
        "machine", config.machine(),
        "description", config.description(),
        "digest", config.digest(),
        "settings", settings));
  }

  private static String yamlValue(Setting setting) {
    String value = valueText(setting);
    ParameterSpec spec = setting.spec();
    boolean isAsDeclared = setting.status() == spec.status()
        && setting.source().equals(spec.source())
        && setting.fittedTo().equals(spec.fittedTo());
    if (isAsDeclared) {
      return value;
    }
    String fitted = setting.fittedTo().isEmpty() ? "" : ", fittedTo: " + quoted(setting.fittedTo());
    return "{value: " + value + ", source: " + quoted(setting.source()) + ", status: "
        + setting.status() + fitted + "}";
  }

  private static String valueText(Setting setting) {
    if (setting.value() instanceof ConfigValue.Text text) {
      return SAFE_TEXT.matcher(text.text()).matches() ? text.text() : quoted(text.text());
    }
    if (setting.value() instanceof ConfigValue.Texts texts) {
      return "["
          + String.join(", ", texts.texts().stream().map(MachineText::quoted).toList()) + "]";
    }
    return setting.text();
  }

  private static String comment(Setting setting) {
    StringBuilder text = new StringBuilder(setting.status().name());
    if (!setting.source().isEmpty()) {
      text.append("; ").append(setting.source());
    }
    if (!setting.fittedTo().isEmpty()) {
      text.append("; fitted to ").append(setting.fittedTo());
    }
    if (!setting.place().isDefault()) {
      text.append("; set at ").append(setting.place());
    }
    return text.toString().replaceAll("\\s+", " ");
  }

  private static String quoted(String text) {
    return Json.write(text).strip();
  }

  private static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
