package org.legosim.configs;

import java.util.List;

/** A typed configuration value. */
public sealed interface ConfigValue {
  /**
   * The value as a plain object for result columns and JSON: {@code Long} in canonical units, {@code
   * Boolean}, {@code String}, or a list of {@code String}.
   */
  Object plain();

  /**
   * @param amount in the parameter's canonical unit
   */
  record Amount(long amount) implements ConfigValue {
    @Override
    public Object plain() {
      return amount;
    }
  }

  record Flag(boolean isOn) implements ConfigValue {
    @Override
    public Object plain() {
      return isOn;
    }
  }

  /** Free text, or one of the words of an enumeration. */
  record Text(String text) implements ConfigValue {
    @Override
    public Object plain() {
      return text;
    }
  }

  record Texts(List<String> texts) implements ConfigValue {
    public Texts {
      texts = List.copyOf(texts);
    }

    @Override
    public Object plain() {
      return texts;
    }
  }
}
