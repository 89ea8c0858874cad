package org.legosim.experiments.explore;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.timing.ConfigException;

/**
 * One deviation from the schedule that the costs give: a CPU is held up before one of its steps.
 *
 * @param actor name of the CPU or kernel thread
 * @param step how many steps of its own it had done
 * @param holdPs for how long
 */
public record Hold(String actor, long step, long holdPs) {
  private static final Pattern TEXT =
      Pattern.compile("([A-Za-z0-9_.]+):([0-9]{1,18}):([0-9]{1,18})");

  /** {@code P0.cpu3:17:2500000}. */
  @Override
  public String toString() {
    return actor + ":" + step + ":" + holdPs;
  }

  /**
   * @param text as {@link #toString} writes it
   * @param place where it was written, for the message
   */
  public static Hold parse(String text, String place) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException(
          place + ": '" + text + "' is not CPU:STEP:PICOSECONDS, such as P0.cpu3:17:2500000");
    }
    return new Hold(
        matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
  }

  /** A schedule file's holds: one per line; empty lines and those that begin with # say nothing. */
  static List<Hold> parseAll(List<String> lines, String place) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(line -> parse(line, place))
        .toList();
  }
}
