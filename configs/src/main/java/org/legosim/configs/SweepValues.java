package org.legosim.configs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Unit;

/** Reads the values of an axis: a list, a range with a step, or powers of a factor. */
final class SweepValues {
  private static final List<String> RANGE_FIELDS = List.of("from", "to", "step", "powersOf");

  private SweepValues() {}

  static SweepAxis axis(ParameterSpec spec, YamlNode.Entry entry) {
    YamlNode node = entry.value();
    List<SweepAxis.Value> values;
    if (node instanceof YamlNode.Items items) {
      values = items.items().stream().map(item -> one(spec, item)).toList();
    } else if (node instanceof YamlNode.Mapping range) {
      values = range(spec, range);
    } else {
      throw new ConfigException(node.place()
          + ": axis "
          + spec.key()
          + ": expected a list [a, b], {from, to, step} or {from, to, powersOf}, not "
          + node.kind()
          + "; one fixed value belongs under 'set'");
    }
    if (values.isEmpty()) {
      throw new ConfigException(node.place() + ": axis " + spec.key() + ": has no values");
    }
    return new SweepAxis(spec, values, entry.keyPlace());
  }

  /** One value; a share of the footprint where the key allows it. */
  static SweepAxis.Value one(ParameterSpec spec, YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar
        && spec.key().equals(SizeOrShare.KEY)
        && SizeOrShare.isShare(scalar.text())) {
      return share(scalar.text().strip(), node.place());
    }
    ConfigValue value = ValueParser.value(spec, node);
    return new SweepAxis.Fixed(value, spec.format(value), node.place());
  }

  private static SweepAxis.Value share(String text, Place place) {
    return new SweepAxis.OfFootprint((SizeOrShare.Share) SizeOrShare.parse(text, place), place);
  }

  private static List<SweepAxis.Value> range(ParameterSpec spec, YamlNode.Mapping range) {
    if (spec.kind() != ParameterSpec.Kind.AMOUNT) {
      throw new ConfigException(
          range.place() + ": axis " + spec.key() + ": takes a list, since it has no order");
    }
    for (var entry : range.entries().entrySet()) {
      if (!RANGE_FIELDS.contains(entry.getKey())) {
        throw new ConfigException(entry.getValue().keyPlace()
            + ": axis "
            + spec.key()
            + ": unknown field '"
            + entry.getKey()
            + "'"
            + NearestName.suggestion(entry.getKey(), RANGE_FIELDS)
            + "; allowed: from, to, and step or powersOf");
      }
    }
    boolean isShare = isShare(spec, range);
    Unit unit = isShare ? Unit.PERCENT : spec.unit();
    BigDecimal from = number(spec, range, "from", unit);
    BigDecimal to = number(spec, range, "to", unit);
    boolean isPowers = range.entries().containsKey("powersOf");
    if (isPowers == range.entries().containsKey("step")) {
      throw refused(spec, range, "give either step or powersOf");
    }
    List<BigDecimal> numbers = isPowers
        ? powers(spec, range, from, to, number(spec, range, "powersOf", Unit.COUNT))
        : steps(spec, range, from, to, number(spec, range, "step", unit));
    return numbers.stream()
        .map(number -> value(spec, number, isShare, range.place()))
        .toList();
  }

  private static SweepAxis.Value value(
      ParameterSpec spec, BigDecimal number, boolean isShare, Place place) {
    if (isShare) {
      return share(number.stripTrailingZeros().toPlainString() + " %", place);
    }
    try {
      long amount = Quantity.toLong(number.toPlainString(), number, spec.unit());
      String text = Quantity.format(amount, spec.unit());
      ValueParser.checked(spec, amount, text, place);
      return new SweepAxis.Fixed(new ConfigValue.Amount(amount), text, place);
    } catch (Quantity.RefusedException e) {
      throw new ConfigException(place + ": axis " + spec.key() + ": " + e.getMessage(), e);
    }
  }

  private static List<BigDecimal> steps(
      ParameterSpec spec, YamlNode.Mapping range, BigDecimal from, BigDecimal to, BigDecimal step) {
    if (step.signum() <= 0 || from.compareTo(to) > 0) {
      throw refused(spec, range, "'from' must not exceed 'to', and 'step' must be above 0");
    }
    BigInteger count = to.subtract(from).divide(step, 0, RoundingMode.FLOOR).toBigInteger();
    SweepParser.refuseAbsurd(
        count.add(BigInteger.ONE), "values", "axis " + spec.key(), range.place());
    List<BigDecimal> numbers = new ArrayList<>();
    for (BigDecimal number = from; number.compareTo(to) <= 0; number = number.add(step)) {
      numbers.add(number);
    }
    return numbers;
  }

  private static List<BigDecimal> powers(
      ParameterSpec spec,
      YamlNode.Mapping range,
      BigDecimal from,
      BigDecimal to,
      BigDecimal factor) {
    boolean isWhole = factor.stripTrailingZeros().scale() <= 0;
    boolean grows = isWhole && factor.compareTo(BigDecimal.ONE) > 0 && from.signum() > 0;
    if (!grows || from.compareTo(to) > 0) {
      throw refused(
          spec,
          range,
          "'from' must be above 0 and not exceed 'to'; 'powersOf' is a whole number from 2");
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (BigDecimal number = from; number.compareTo(to) <= 0; number = number.multiply(factor)) {
      numbers.add(number);
    }
    return numbers;
  }

  private static boolean isShare(ParameterSpec spec, YamlNode.Mapping range) {
    YamlNode.Entry from = range.entries().get("from");
    return spec.key().equals(SizeOrShare.KEY)
        && from != null
        && from.value() instanceof YamlNode.Scalar scalar
        && SizeOrShare.isShare(scalar.text());
  }

  private static BigDecimal number(
      ParameterSpec spec, YamlNode.Mapping range, String field, Unit unit) {
    YamlNode.Entry entry = range.entries().get(field);
    if (entry == null) {
      throw refused(spec, range, "'" + field + "' is missing");
    }
    if (!(entry.value() instanceof YamlNode.Scalar scalar)) {
      throw refused(spec, range, "'" + field + "' must be one number");
    }
    try {
      return Quantity.parseDecimal(scalar.text().strip(), unit);
    } catch (Quantity.RefusedException e) {
      throw new ConfigException(
          scalar.place() + ": axis " + spec.key() + ": " + field + ": " + e.getMessage(), e);
    }
  }

  /** A repeated value is a mistake in an axis of its own; in step with others it may be meant. */
  static void refuseRepeated(SweepAxis axis) {
    Set<String> seen = new LinkedHashSet<>();
    for (SweepAxis.Value value : axis.values()) {
      if (!seen.add(value.text())) {
        throw new ConfigException(
            value.place() + ": axis " + axis.key() + ": " + value.text() + " is given twice");
      }
    }
  }

  private static ConfigException refused(ParameterSpec spec, YamlNode.Mapping range, String why) {
    return new ConfigException(range.place() + ": axis " + spec.key() + ": " + why);
  }
}
