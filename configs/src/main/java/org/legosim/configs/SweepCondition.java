package org.legosim.configs;

import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.timing.ConfigException;

/**
 * A line of {@code where}: points for which it does not hold are left out.
 *
 * @param operator one of {@code == != < <= > >=}
 */
record SweepCondition(ParameterSpec spec, String operator, SweepAxis.Value value, Place place) {
  private static final Pattern FORM = Pattern.compile("(\\S+?)\\s*(==|!=|<=|>=|<|>|=)\\s*(.+)");

  static SweepCondition parse(YamlNode node, ParameterCatalog catalog) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      throw new ConfigException(node.place() + ": a condition is text, not " + node.kind());
    }
    Matcher matcher = FORM.matcher(scalar.text().strip());
    if (!matcher.matches()) {
      throw new ConfigException(node.place()
          + ": "
          + scalar.kind()
          + " is not a condition; write 'key op value' with one of == != < <= > >=,"
          + " such as 'pcache.ways <= 64'");
    }
    ParameterSpec spec = catalog.require(matcher.group(1), node.place());
    String operator = matcher.group(2).equals("=") ? "==" : matcher.group(2);
    boolean isOrder = operator.startsWith("<") || operator.startsWith(">");
    if (isOrder && spec.kind() != ParameterSpec.Kind.AMOUNT) {
      throw new ConfigException(
          node.place() + ": " + spec.key() + " has no order; use == or != in " + scalar.kind());
    }
    YamlNode value = new YamlNode.Scalar(matcher.group(3), true, node.place());
    return new SweepCondition(spec, operator, SweepValues.one(spec, value), node.place());
  }

  /**
   * @param actual the key's value at a point
   * @param footprintBytes asked for when the condition is on a share
   */
  boolean holds(ConfigValue actual, LongSupplier footprintBytes) {
    if (actual instanceof ConfigValue.Amount amount) {
      int order = Long.compare(amount.amount(), limit(footprintBytes));
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        case "!=" -> order != 0;
        default -> order == 0;
      };
    }
    boolean isEqual = value instanceof SweepAxis.Fixed fixed && fixed.value().equals(actual);
    return operator.equals("==") == isEqual;
  }

  private long limit(LongSupplier footprintBytes) {
    if (value instanceof SweepAxis.OfFootprint share) {
      return share.share().ofBytes(footprintBytes.getAsLong());
    }
    return (long) ((SweepAxis.Fixed) value).value().plain();
  }
}
