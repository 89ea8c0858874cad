package org.legosim.configs;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.timing.params.Unit;

/**
 * The allowed values of a parameter, from the {@code range} of its declaration.
 *
 * @param min smallest amount, in canonical units
 * @param max largest amount, in canonical units
 * @param words values modelled by this version; empty when every value of the type is
 * @param text as declared, for messages
 */
public record ParameterRange(long min, long max, List<String> words, String text) {
  private static final Pattern BOUNDS =
      Pattern.compile("\\s*([^.,|]*(?:\\.[0-9]+[^.,|]*)?)\\.\\.([^,|]*)(?:,.*)?");

  public ParameterRange {
    words = List.copyOf(words);
  }

  /**
   * Amounts are never negative unless a range says so.
   *
   * @param choices of an enumeration, one of which alone is a range as well; else empty
   */
  static ParameterRange parse(String declared, Unit unit, List<String> choices)
      throws Quantity.RefusedException {
    if (declared.contains("|") || choices.contains(declared)) {
      List<String> words =
          Arrays.stream(declared.split("\\|", -1)).map(String::strip).toList();
      if (!choices.isEmpty() && !choices.containsAll(words)) {
        throw new Quantity.RefusedException(
            "range '" + declared + "' has words that are no values");
      }
      return new ParameterRange(0, Long.MAX_VALUE, words, declared);
    }
    Matcher bounds = BOUNDS.matcher(declared);
    if (!Quantity.isConfigurable(unit)) {
      return new ParameterRange(0, Long.MAX_VALUE, List.of(), declared);
    }
    long sane = Quantity.largestSane(unit);
    if (!bounds.matches()) {
      return new ParameterRange(0, sane, List.of(), declared);
    }
    String low = bounds.group(1).strip();
    String high = bounds.group(2).strip();
    long min = low.isEmpty() ? 0 : Quantity.parse(low, unit);
    long max = high.isEmpty() ? sane : Quantity.parse(high, unit);
    return new ParameterRange(min, max, List.of(), declared);
  }

  /** This range, or these words when it names none. */
  ParameterRange orWords(List<String> modelled) {
    return words.isEmpty() ? new ParameterRange(min, max, modelled, text) : this;
  }

  boolean contains(long amount) {
    return amount >= min && amount <= max;
  }

  /** Whether this version models the word. */
  boolean allows(String word) {
    return words.isEmpty() || words.contains(word);
  }
}
