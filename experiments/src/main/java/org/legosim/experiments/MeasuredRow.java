package org.legosim.experiments;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.legosim.timing.TraceException;

/**
 * One measured point.
 *
 * @param parameters of the experiment, by name
 * @param value in {@code unit}
 * @param tolerancePercent how far a prediction may be off
 * @param platform name of the machine file that it was measured on
 * @param place file and line, for messages
 */
public record MeasuredRow(
    String experiment,
    Map<String, String> parameters,
    String metric,
    String unit,
    double value,
    double tolerancePercent,
    String platform,
    String source,
    String place) {
  public MeasuredRow {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** A parameter's text, or {@code fallback} when the row lacks it. */
  String text(String name, String fallback) {
    return parameters.getOrDefault(name, fallback);
  }

  /** A parameter as a whole number. */
  long number(String name, long fallback) {
    String text = parameters.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TraceException(
          place + ": " + experiment + " needs a whole number for " + name + ", got '" + text + "'",
          e);
    }
  }

  /** True when a constant's {@code fittedTo} names this row: all its parameters are equal. */
  boolean isNamedBy(String fittedTo) {
    for (String alternative : fittedTo.split("\\|")) {
      String[] parts = alternative.strip().split(";");
      if (parts[0].equals(experiment) && matches(parts)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0
          || !parts[i]
              .substring(equals + 1)
              .equals(parameters.get(parts[i].substring(0, equals)))) {
        return false;
      }
    }
    return true;
  }

  /** {@code key=value;...}, as the table writes them. */
  public String parametersText() {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
        .collect(Collectors.joining(";"));
  }
}
