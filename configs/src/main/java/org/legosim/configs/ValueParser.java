package org.legosim.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.legosim.timing.ConfigException;

/** Turns what was written for a key into its typed value, or says why not and where. */
final class ValueParser {
  private static final Map<String, Boolean> FLAGS =
      Map.of("on", true, "off", false, "true", true, "false", false, "yes", true, "no", false);

  private ValueParser() {}

  /**
   * @throws ConfigException with place, key, what was found and what is allowed
   */
  static ConfigValue value(ParameterSpec spec, YamlNode node) {
    if (spec.kind() == ParameterSpec.Kind.LIST) {
      return list(spec, node);
    }
    if (!(node instanceof YamlNode.Scalar scalar)) {
      throw refused(spec, node.place(), node.kind() + " is not one value");
    }
    return switch (spec.kind()) {
      case AMOUNT -> new ConfigValue.Amount(amount(spec, scalar));
      case FLAG -> flag(spec, scalar);
      case TEXT -> text(spec, scalar);
      case CHOICE -> choice(spec, scalar);
      case LIST -> list(spec, node);
    };
  }

  /** An amount that was computed or read elsewhere, checked against the key's range. */
  static long checked(ParameterSpec spec, long amount, String written, Place place) {
    if (spec.words().containsValue(amount) && spec.words().containsKey(written)) {
      return amount;
    }
    if (amount > Quantity.largestSane(spec.unit())) {
      throw refused(spec, place, "'" + written + "' is absurdly large");
    }
    if (!spec.range().contains(amount)) {
      throw refused(spec, place, "'" + written + "' is out of range");
    }
    if (spec.isInt() && amount != (int) amount) {
      throw refused(spec, place, "'" + written + "' is absurdly large");
    }
    return amount;
  }

  static ConfigException refused(ParameterSpec spec, Place place, String problem) {
    String meaning = spec.doc().isEmpty() ? "" : " (" + spec.doc() + ")";
    return new ConfigException(
        place + ": " + spec.key() + ": " + problem + "; allowed: " + spec.allowed() + meaning);
  }

  private static long amount(ParameterSpec spec, YamlNode.Scalar scalar) {
    requirePresent(spec, scalar);
    String written = scalar.text().strip();
    Long word = spec.words().get(written);
    if (word != null) {
      return word;
    }
    try {
      return checked(spec, Quantity.parse(written, spec.unit()), written, scalar.place());
    } catch (Quantity.RefusedException e) {
      boolean isWord = !written.isEmpty() && Character.isLetter(written.charAt(0));
      String near = isWord ? NearestName.suggestion(written, spec.words().keySet()) : "";
      throw new ConfigException(
          scalar.place()
              + ": "
              + spec.key()
              + ": "
              + e.getMessage()
              + near
              + "; allowed: "
              + spec.allowed(),
          e);
    }
  }

  private static ConfigValue flag(ParameterSpec spec, YamlNode.Scalar scalar) {
    requirePresent(spec, scalar);
    Boolean isOn = FLAGS.get(scalar.text().strip());
    if (isOn == null) {
      throw refused(spec, scalar.place(), scalar.kind() + " is neither on nor off");
    }
    return new ConfigValue.Flag(isOn);
  }

  private static ConfigValue text(ParameterSpec spec, YamlNode.Scalar scalar) {
    requirePresent(spec, scalar);
    String text = scalar.text().strip();
    if (!spec.range().allows(text)) {
      throw refused(
          spec,
          scalar.place(),
          "'" + text + "' is not known"
              + NearestName.suggestion(text, spec.range().words()));
    }
    return new ConfigValue.Text(text);
  }

  private static ConfigValue choice(ParameterSpec spec, YamlNode.Scalar scalar) {
    requirePresent(spec, scalar);
    String word = scalar.text().strip();
    if (!spec.choices().contains(word)) {
      throw refused(
          spec,
          scalar.place(),
          "'" + word + "' is not known" + NearestName.suggestion(word, spec.choices()));
    }
    if (!spec.range().allows(word)) {
      throw refused(spec, scalar.place(), "this version does not model '" + word + "' yet");
    }
    return new ConfigValue.Text(word);
  }

  private static ConfigValue list(ParameterSpec spec, YamlNode node) {
    if (!(node instanceof YamlNode.Items items)) {
      throw refused(spec, node.place(), node.kind() + " is not a list; write [a, b] or []");
    }
    List<String> texts = new ArrayList<>();
    for (YamlNode item : items.items()) {
      if (!(item instanceof YamlNode.Scalar scalar)) {
        throw refused(spec, item.place(), item.kind() + " is not text");
      }
      texts.add(((ConfigValue.Text) text(spec, scalar)).text());
    }
    return new ConfigValue.Texts(texts);
  }

  private static void requirePresent(ParameterSpec spec, YamlNode.Scalar scalar) {
    boolean mayBeEmpty = spec.kind() == ParameterSpec.Kind.TEXT && scalar.isQuoted();
    if (!mayBeEmpty && scalar.text().isBlank()) {
      throw refused(spec, scalar.place(), "no value given");
    }
  }
}
