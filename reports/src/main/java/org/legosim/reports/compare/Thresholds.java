package org.legosim.reports.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Printable;
import org.legosim.timing.ConfigException;

/**
 * How far a metric may move: {@code fault_latency_p99_ns=5} allows 5 % either way, {@code =+5} any
 * decrease and 5 % of increase, {@code =-5} any increase and 5 % of decrease. A name may hold {@code
 * *} for any text; of several that match, the last one counts. Without a threshold a metric must be
 * equal.
 */
public final class Thresholds {
  private static final Pattern FORM = Pattern.compile("([^=]+)=([+-]?)([0-9]+(\\.[0-9]+)?) ?%?");

  /** In which direction a change counts. */
  enum Direction {
    BOTH(""),
    INCREASE("+"),
    DECREASE("-");

    final String sign;

    Direction(String sign) {
      this.sign = sign;
    }
  }

  /** One threshold as given. */
  record Threshold(String text, Pattern name, Direction direction, double percent) {
    boolean matches(String metric) {
      return name.matcher(metric).matches();
    }

    /** Whether a change from base to head is more than allowed. */
    boolean isExceeded(double base, double head) {
      double allowed = Math.abs(base) * percent / 100;
      boolean up = head - base > allowed;
      boolean down = base - head > allowed;
      return switch (direction) {
        case BOTH -> up || down;
        case INCREASE -> up;
        case DECREASE -> down;
      };
    }
  }

  private final List<Threshold> thresholds = new ArrayList<>();

  /**
   * @throws ConfigException for anything that is not {@code metric=percent}
   */
  public static Thresholds parse(List<String> texts) {
    Thresholds parsed = new Thresholds();
    for (String text : texts) {
      var form = FORM.matcher(text);
      if (!form.matches()) {
        throw new ConfigException("--threshold " + Printable.of(text)
            + ": expected metric=percent, such as fault_latency_p99_ns=5 or time_*_ns=+2.5");
      }
      Direction direction = switch (form.group(2)) {
        case "+" -> Direction.INCREASE;
        case "-" -> Direction.DECREASE;
        default -> Direction.BOTH;
      };
      String[] literals = form.group(1).split("\\*", -1);
      StringBuilder regex = new StringBuilder(Pattern.quote(literals[0]));
      for (int i = 1; i < literals.length; i++) {
        regex.append(".*").append(Pattern.quote(literals[i]));
      }
      parsed.thresholds.add(new Threshold(
          text,
          Pattern.compile(regex.toString(), Pattern.DOTALL),
          direction,
          Double.parseDouble(form.group(3))));
    }
    return parsed;
  }

  public static Thresholds none() {
    return new Thresholds();
  }

  boolean isEmpty() {
    return thresholds.isEmpty();
  }

  @Nullable
  Threshold of(String metric) {
    Threshold found = null;
    for (Threshold threshold : thresholds) {
      if (threshold.matches(metric)) {
        found = threshold;
      }
    }
    return found;
  }

  /** A mistyped name must not silently allow nothing. */
  void checkNames(Collection<String> metrics, String kind) {
    for (Threshold threshold : thresholds) {
      if (metrics.stream().noneMatch(threshold::matches)) {
        throw new ConfigException("--threshold " + Printable.of(threshold.text()) + ": no " + kind
            + " has that name; there are, for example, "
            + String.join(", ", metrics.stream().limit(5).map(Printable::of).toList()));
      }
    }
  }
}
