package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.legosim.timing.results.SyscallRow;

/**
 * The kernel's own strace: calls, errors and time per system call. Each thread has a table; that of its
 * group has the sum of the threads that have ended.
 */
final class SyscallTable {
  /** A number that is not in the real table counts as the last one. */
  private static final int NUMBERS = 1024;

  // One entry per call that was used, in the order of first use: few, so they are searched in turn.
  private int count;
  private int[] numbers = new int[8];
  private long[] calls = new long[8];
  private long[] errors = new long[8];
  private long[] totalPs = new long[8];
  private long[] maxPs = new long[8];

  void entered(int number) {
    int slot = slot(number); // first: it may move the tables
    calls[slot]++;
  }

  void returned(int number, long result, long durationPs) {
    int slot = slot(number);
    if (Errno.isError(result)) {
      errors[slot]++;
    }
    totalPs[slot] += durationPs;
    maxPs[slot] = Math.max(maxPs[slot], durationPs);
  }

  /** Adds what another table counted. */
  void add(SyscallTable other) {
    for (int from = 0; from < other.count; from++) {
      int slot = slot(other.numbers[from]);
      calls[slot] += other.calls[from];
      errors[slot] += other.errors[from];
      totalPs[slot] += other.totalPs[from];
      maxPs[slot] = Math.max(maxPs[slot], other.maxPs[from]);
    }
  }

  long total() {
    long sum = 0;
    for (int slot = 0; slot < count; slot++) {
      sum += calls[slot];
    }
    return sum;
  }

  /** In the order of their numbers. */
  List<SyscallRow> rows() {
    List<SyscallRow> rows = new ArrayList<>();
    for (int slot = 0; slot < count; slot++) {
      int number = numbers[slot];
      rows.add(new SyscallRow(
          number, SyscallNames.of(number), calls[slot], errors[slot], totalPs[slot], maxPs[slot]));
    }
    rows.sort(Comparator.comparingInt(SyscallRow::number));
    return rows;
  }

  private int slot(int number) {
    int known = number >= 0 && number < NUMBERS ? number : NUMBERS - 1;
    for (int slot = 0; slot < count; slot++) {
      if (numbers[slot] == known) {
        return slot;
      }
    }
    if (count == numbers.length) {
      grow();
    }
    numbers[count] = known;
    return count++;
  }

  private void grow() {
    int length = 2 * numbers.length;
    numbers = Arrays.copyOf(numbers, length);
    calls = Arrays.copyOf(calls, length);
    errors = Arrays.copyOf(errors, length);
    totalPs = Arrays.copyOf(totalPs, length);
    maxPs = Arrays.copyOf(maxPs, length);
  }
}
