package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.results.SyscallRow;

/** The kernel's own strace: calls, errors and time per system call. */
final class SyscallTable {
  private static final int NUMBERS = 1024;

  private final long[] calls = new long[NUMBERS];
  private final long[] errors = new long[NUMBERS];
  private final long[] totalPs = new long[NUMBERS];
  private final long[] maxPs = new long[NUMBERS];

  void entered(int number) {
    calls[slot(number)]++;
  }

  void returned(int number, long result, long durationPs) {
    int slot = slot(number);
    if (result < 0 && result > -4096) {
      errors[slot]++;
    }
    totalPs[slot] += durationPs;
    maxPs[slot] = Math.max(maxPs[slot], durationPs);
  }

  long calls(int number) {
    return calls[slot(number)];
  }

  long total() {
    long sum = 0;
    for (long count : calls) {
      sum += count;
    }
    return sum;
  }

  List<SyscallRow> rows() {
    List<SyscallRow> rows = new ArrayList<>();
    for (int number = 0; number < NUMBERS; number++) {
      if (calls[number] > 0) {
        rows.add(new SyscallRow(
            number,
            SyscallNames.of(number),
            calls[number],
            errors[number],
            totalPs[number],
            maxPs[number]));
      }
    }
    return rows;
  }

  private static int slot(int number) {
    return number >= 0 && number < NUMBERS ? number : NUMBERS - 1;
  }
}
