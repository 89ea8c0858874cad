package org.legosim.kernel.signal;

import org.jspecify.annotations.Nullable;

/**
 * What a trace tells of the memory that a call's arguments point to, as the call's strings: numbers in
 * hexadecimal, separated by single spaces (docs/trace-format.md). A string that is not like that tells
 * nothing.
 */
public final class SignalText {
  private static final int ACTION_NUMBERS = 4;
  private static final int STACK_NUMBERS = 3;

  private SignalText() {}

  /** The action of rt_sigaction: handler, flags, restorer, mask; an unknown one when the trace lacks it. */
  public static SignalAction action(String[] strings) {
    long[] numbers = strings.length == 0 ? null : numbers(strings[0], ACTION_NUMBERS);
    return numbers == null
        ? SignalAction.UNKNOWN
        : new SignalAction(numbers[0], numbers[1], numbers[2], numbers[3]);
  }

  /** A set of signals; null when the trace lacks it. */
  public static @Nullable Long set(String[] strings) {
    long[] numbers = strings.length == 0 ? null : numbers(strings[0], 1);
    return numbers == null ? null : numbers[0];
  }

  /** The stack of sigaltstack: start, flags, bytes; null when the trace lacks it. */
  public static long @Nullable [] stack(String[] strings) {
    return strings.length == 0 ? null : numbers(strings[0], STACK_NUMBERS);
  }

  private static long @Nullable [] numbers(String text, int count) {
    String[] words = text.split(" ", -1);
    if (words.length != count) {
      return null;
    }
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      String word = words[i];
      boolean isNumber = word.startsWith("0x") && word.length() > 2 && word.length() <= 18;
      for (int c = 2; isNumber && c < word.length(); c++) {
        isNumber = Character.digit(word.charAt(c), 16) >= 0 && word.charAt(c) < 0x80;
      }
      if (!isNumber) {
        return null;
      }
      numbers[i] = Long.parseUnsignedLong(word.substring(2), 16);
    }
    return numbers;
  }
}
