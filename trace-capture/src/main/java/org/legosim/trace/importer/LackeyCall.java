package org.legosim.trace.importer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code --trace-syscalls=yes}:
 *
 * <pre>
 * SYSCALL[PID,TID](NUMBER) sys_name ( arguments )[sync] --> Success(0x0)       done at once
 * SYSCALL[PID,TID](NUMBER) sys_name ( arguments ) --> [async] ...              goes on
 * SYSCALL[PID,TID](NUMBER) ... [async] --> Failure(0x2)                        and ends
 * </pre>
 *
 * The arguments are printed by one wrapper per call, each in its own way: numbers in decimal or after 0x, pointers
 * followed by the string they point to in parentheses.
 */
record LackeyCall(
    int pid,
    int tid,
    long number,
    boolean isCompletion,
    List<Long> arguments,
    List<String> strings,
    boolean hasResult,
    long result) {
  private static final String PREFIX = "SYSCALL[";
  private static final String SUCCESS = "Success(";
  private static final String FAILURE = "Failure(";
  private static final int MOST_ARGUMENTS = 6;
  private static final long CLONE = 56;
  private static final long NOT_IMPLEMENTED = -38;

  /** @return null when the line is none of these */
  static @Nullable LackeyCall parse(String line) {
    int comma = line.indexOf(',');
    int bracket = line.indexOf("](", comma);
    int close = line.indexOf(')', bracket);
    if (!line.startsWith(PREFIX) || comma < 0 || bracket < 0 || close < 0) {
      return null;
    }
    try {
      int pid = Integer.parseInt(line, PREFIX.length(), comma, 10);
      int tid = Integer.parseInt(line, comma + 1, bracket, 10);
      long number = Long.parseLong(line, bracket + 2, close, 10);
      return parseRest(pid, tid, number, line.substring(close + 1));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static LackeyCall parseRest(int pid, int tid, long number, String rest) {
    List<Long> arguments = new ArrayList<>();
    List<String> strings = new ArrayList<>();
    boolean isCompletion = rest.strip().startsWith("...");
    boolean isMissing = rest.contains("unimplemented");
    if (!isCompletion && !isMissing) {
      parseArguments(rest, number == CLONE, arguments, strings);
    }
    int success = rest.lastIndexOf(SUCCESS);
    int failure = rest.lastIndexOf(FAILURE);
    boolean hasResult = success >= 0 || failure >= 0 || isMissing;
    long result = success >= 0
        ? hex(rest, success + SUCCESS.length())
        : failure >= 0 ? -hex(rest, failure + FAILURE.length()) : isMissing ? NOT_IMPLEMENTED : 0;
    return new LackeyCall(pid, tid, number, isCompletion, arguments, strings, hasResult, result);
  }

  private static long hex(String text, int at) {
    int from = text.startsWith("0x", at) ? at + 2 : at;
    return Long.parseUnsignedLong(text, from, text.indexOf(')', from), 16);
  }

  /** Splits "name ( a, b(string), c )" at commas outside inner parentheses. */
  private static void parseArguments(
      String rest, boolean isClone, List<Long> arguments, List<String> strings) {
    int open = rest.indexOf('(');
    int depth = 0;
    StringBuilder token = new StringBuilder();
    StringBuilder string = new StringBuilder();
    for (int i = open + 1; open >= 0 && i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (depth == 0 && (c == ',' || c == ')')) {
        take(token.toString().strip(), isClone, arguments);
        token.setLength(0);
        if (c == ')') {
          break;
        }
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
        strings.add(string.toString());
        string.setLength(0);
      } else {
        (depth == 0 ? token : string).append(c);
      }
    }
  }

  private static void take(String token, boolean isClone, List<Long> arguments) {
    if (token.isEmpty() || arguments.size() == MOST_ARGUMENTS) {
      return;
    }
    // The flags of clone are hexadecimal without saying so.
    boolean isFlags = isClone && arguments.isEmpty();
    boolean isHex = token.startsWith("0x") || isFlags;
    String digits = token.startsWith("0x") ? token.substring(2) : token;
    try {
      arguments.add(isHex ? Long.parseUnsignedLong(digits, 16) : Long.parseLong(digits));
    } catch (NumberFormatException e) {
      arguments.add(0L); // a word, such as a flag's name: there is no number to keep
    }
  }
}
