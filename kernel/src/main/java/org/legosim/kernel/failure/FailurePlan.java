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
  private static final Pattern FIRST = Pattern.compile("(\\S+)(?:\\s+(.+))?");
  private static final long TIME_MAX_S = 1_000_000;

  private final List<Failure> failures;

  private FailurePlan(List<Failure> failures) {
    this.failures = List.copyOf(failures);
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
    return new FailurePlan(read);
  }

  private static Failure read(String text, List<String> known) {
    Matcher words = WORDS.matcher(text.strip());
    if (!words.matches()) {
      throw refused(
          text, "write NODE WHAT [VALUE] [FROM[..UNTIL]], as in: M0 unreachable 5 ms..8 ms");
    }
    List<String> nodes = nodes(text, words.group(1), known);
    Failure.Kind kind = kind(text, words.group(2));
    String rest = words.group(3) == null ? "" : words.group(3).strip();
    List<String> others = List.of();
    long value = 0;
    switch (kind.value()) {
      case COUNT -> {
        return whileBooting(kind, nodes, count(text, kind, rest), text);
      }
      case TIME -> {
        return whileBooting(kind, nodes, timePs(text, rest), text);
      }
      case FACTOR_AND_WINDOW -> {
        Matcher first = first(text, rest, "how many times as long it takes");
        value = count(text, kind, first.group(1));
        rest = String.valueOf(first.group(2));
      }
      case NODES_AND_WINDOW -> {
        Matcher first = first(text, rest, "the nodes that it cannot reach");
        others = nodes(text, first.group(1), known);
        for (String other : others) {
          if (nodes.contains(other)) {
            throw refused(text, other + " is on both sides; name each node once");
          }
        }
        rest = String.valueOf(first.group(2));
      }
      case WINDOW -> {
        // nothing stands before the time
      }
    }
    if (kind == Failure.Kind.DOWN && nodes.stream().anyMatch(node -> node.startsWith("P"))) {
      throw refused(
          text,
          "a processor node that stops takes its programs with it, and there is nothing left to simulate;"
              + " use unreachable, or another node");
    }
    if (kind == Failure.Kind.SLOW && value < 1) {
      throw refused(text, "a worker takes at least once as long; give a factor from 1 on");
    }
    String[] ends = rest.split("\\.\\.", 2);
    long fromPs = timePs(text, ends[0].strip());
    long untilPs = ends.length == 1 ? Failure.NEVER_PS : timePs(text, ends[1].strip());
    if (untilPs <= fromPs) {
      throw refused(text, "it would be over before it begins; write the earlier time first");
    }
    if (kind == Failure.Kind.STALLED && untilPs == Failure.NEVER_PS) {
      throw refused(text, "a stalled thread goes on some time; write FROM..UNTIL, or use down");
    }
    return new Failure(kind, nodes, value, others, fromPs, untilPs, text);
  }

  private static Failure whileBooting(
      Failure.Kind kind, List<String> nodes, long value, String text) {
    return new Failure(kind, nodes, value, List.of(), 0, Failure.NEVER_PS, text);
  }

  private static Matcher first(String text, String rest, String what) {
    Matcher first = FIRST.matcher(rest);
    if (!first.matches() || first.group(2) == null) {
      throw refused(text, "write " + what + ", and then FROM or FROM..UNTIL");
    }
    return first;
  }

  /** Names that are joined by +. */
  private static List<String> nodes(String text, String joined, List<String> known) {
    List<String> nodes = List.of(joined.split("\\+", -1));
    for (int i = 0; i < nodes.size(); i++) {
      String node = nodes.get(i);
      if (!known.contains(node)) {
        throw refused(
            text,
            "there is no node " + node + "; the machine's nodes are " + String.join(", ", known));
      }
      if (nodes.indexOf(node) < i) {
        throw refused(text, node + " is named twice; name each node once");
      }
    }
    return nodes;
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

  private static long count(String text, Failure.Kind kind, String value) {
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
    if (number > TIME_MAX_S * (Units.PS_PER_SECOND / unitPs)) {
      throw refused(text, "a time is at most " + TIME_MAX_S + " s");
    }
    return number * unitPs;
  }

  private static ConfigException refused(String text, String why) {
    return new ConfigException("failures: " + text + ": " + why);
  }

  /** All of them, in the order in which they were written. */
  public List<Failure> failures() {
    return failures;
  }

  /** Values of a node's failures of one kind, added up; {@code otherwise} when there is none. */
  public long value(Failure.Kind kind, String node, long otherwise) {
    long sum = 0;
    boolean isFound = false;
    for (Failure failure : failures) {
      if (failure.kind() == kind && failure.nodes().contains(node)) {
        sum += failure.value();
        isFound = true;
      }
    }
    return isFound ? sum : otherwise;
  }
}
