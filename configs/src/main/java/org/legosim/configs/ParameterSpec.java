package org.legosim.configs;

import java.util.List;
import java.util.Map;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * One declared configuration key, read from a component of a {@code Params} record.
 *
 * @param key full dotted key
 * @param kind what its values are
 * @param unit canonical unit
 * @param isConstant whether the model takes it as a physical constant with a status
 * @param isInt whether the model takes it as an {@code int}
 * @param defaultValue as declared, typed
 * @param range of amounts, or the words that this version models
 * @param words accepted in place of an amount, with the amount each stands for
 * @param choices all words of an enumeration; empty for the other kinds
 * @param doc what it means
 * @param source of the default
 * @param status of the default
 * @param fittedTo rows that the default was fitted on; empty for none
 * @param owner simple name of the record that declares it
 */
public record ParameterSpec(
    String key,
    Kind kind,
    Unit unit,
    boolean isConstant,
    boolean isInt,
    ConfigValue defaultValue,
    ParameterRange range,
    Map<String, Long> words,
    List<String> choices,
    String doc,
    String source,
    Status status,
    String fittedTo,
    String owner) {
  /** What the values of a key are. */
  public enum Kind {
    AMOUNT,
    FLAG,
    TEXT,
    CHOICE,
    LIST
  }

  /** The notation of a configuration file, unit included. */
  public String format(ConfigValue value) {
    if (value instanceof ConfigValue.Amount amount) {
      return words.entrySet().stream()
          .filter(word -> word.getValue() == amount.amount())
          .map(Map.Entry::getKey)
          .findFirst()
          .orElseGet(() -> Quantity.format(amount.amount(), unit));
    }
    if (value instanceof ConfigValue.Flag flag) {
      return flag.isOn() ? "on" : "off";
    }
    if (value instanceof ConfigValue.Texts texts) {
      return "[" + String.join(", ", texts.texts()) + "]";
    }
    return ((ConfigValue.Text) value).text();
  }

  /** The allowed values, for messages and the reference page. */
  public String allowed() {
    return switch (kind) {
      case AMOUNT -> allowedAmounts();
      case FLAG -> "on, off";
      case CHOICE -> String.join(", ", range.words().isEmpty() ? choices : range.words());
      case TEXT -> range.words().isEmpty() ? orElse(range.text(), "text") : joined();
      case LIST ->
        range.words().isEmpty() ? orElse(range.text(), "a list of texts") : "any of " + joined();
    };
  }

  private String allowedAmounts() {
    StringBuilder text = new StringBuilder(range.text());
    if (!range.text().contains("..")) {
      text.append(text.isEmpty() ? "" : ", ").append("0 or more");
    }
    words.keySet().forEach(word -> text.append(" or ").append(word));
    return text.toString();
  }

  private String joined() {
    return String.join(", ", range.words());
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
