package org.legosim.configs;

import org.legosim.timing.params.Status;

/**
 * The effective value of one key and where it comes from.
 *
 * @param place where the value was set; {@link Place#DEFAULT} when nobody set it
 * @param source document and place that the value was taken from; empty when none is given
 * @param fittedTo rows of validation data that the value was fitted on; empty for none
 */
public record Setting(
    ParameterSpec spec,
    ConfigValue value,
    Place place,
    Status status,
    String source,
    String fittedTo) {
  static Setting ofDefault(ParameterSpec spec) {
    return new Setting(
        spec, spec.defaultValue(), Place.DEFAULT, spec.status(), spec.source(), spec.fittedTo());
  }

  public String key() {
    return spec.key();
  }

  /** In the notation of a configuration file. */
  public String text() {
    return spec.format(value);
  }

  /** Another value in its place; what was said about the old one stays said. */
  Setting withValue(ConfigValue other, Place where) {
    return new Setting(spec, other, where, status, source, fittedTo);
  }
}
