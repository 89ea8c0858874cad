package org.legosim.kernel.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;

/** The failures of one run, understood: whose they are and what they ask for. */
public final class FailurePlan {
  /** Nothing fails. */
  public static final FailurePlan NONE = new FailurePlan(List.of());

  private static final Pattern WORDS = Pattern.compile("(\\S+)\\s+(\\S+)(?:\\s+(.+))?");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ps|ns|us|ms|s)");

  private final List<Failure> failures;

  private FailurePlan(List<Failure> failures) {
    this.failures = failures;
  }

  /**
   * Reads what was configured.
   *
   * @param nodes names of the nodes that the machine has
   * @throws ConfigException for what is not understood, or happens to a node that does not exist
   */
  public static FailurePlan of(FailureParams params, List<String> nodes) {
    List<Failure> read = new ArrayList<>();
    for (String text : params.failures()) {
      read.add(read(text, nodes));
    }
    return new FailurePlan(List.copyOf(read));
  }

  private static Failure read(String text, List<String> nodes) {
    Matcher words = WORDS.matcher(text.strip());
    if (!words.matches()) {
      throw refused(text, "write NODE WHAT [VALUE], as in: P0 modify-qp 6");
    }
    String node = words.group(1);
    if (!nodes.contains(node)) {
      throw refused(
          text,
          "there is no node " + node + "; the machine's nodes are " + String.join(", ", nodes));
    }
    Failure.Kind kind = kind(text, words.group(2));
    String value = words.group(3) == null ? "" : words.group(3);
    return new Failure(kind, node, value(text, kind, value), text);
  }

  private static Failure.Kind kind(String text, String word) {
    for (Failure.Kind kind : Failure.Kind.values()) {
      if (kind.word().equals(word.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw refused(
        text,
        "'" + word + "' is nothing that can fail; what can: "
            + Stream.of(Failure.Kind.values())
                .map(Failure.Kind::word)
                .collect(Collectors.joining(", ")));
  }

  private static long value(String text, Failure.Kind kind, String value) {
    if (kind.value() == Failure.Value.TIME) {
      return timePs(text, value);
    }
    if (!COUNT.matcher(value).matches()) {
      throw refused(text, kind.word() + " needs a number from 0 to 999999 behind it");
    }
    return Long.parseLong(value);
  }

  private static long timePs(String text, String value) {
    Matcher time = TIME.matcher(value);
    if (!time.matches()) {
      throw refused(
          text, "'" + value + "' is no time; write a whole number and ps, ns, us, ms or s");
    }
    long unitPs = switch (time.group(2)) {
      case "ps" -> 1;
      case "ns" -> Units.PS_PER_NS;
      case "us" -> Units.PS_PER_US;
      case "ms" -> Units.PS_PER_MS;
      default -> Units.PS_PER_SECOND;
    };
    long number = Long.parseLong(time.group(1));
    if (number > 1_000_000 * (Units.PS_PER_SECOND / unitPs)) {
      throw refused(text, "a time is at most 1000000 s");
    }
    return number * unitPs;
  }

  private static ConfigException refused(String text, String why) {
    return new ConfigException("failures: " + text + ": " + why);
  }

  /** Values of a node's failures of one kind, added up; {@code otherwise} when there is none. */
  public long value(Failure.Kind kind, String node, long otherwise) {
    long sum = 0;
    boolean isFound = false;
    for (Failure failure : failures) {
      if (failure.kind() == kind && failure.node().equals(node)) {
        sum += failure.value();
        isFound = true;
      }
    }
    return isFound ? sum : otherwise;
  }
}
