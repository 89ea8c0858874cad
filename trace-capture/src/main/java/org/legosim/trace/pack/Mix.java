package org.legosim.trace.pack;

import java.util.Map;
import java.util.TreeMap;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.ByteSource;

/** Counts of a whole trace by kind, size, nearness and system call. */
public final class Mix {
  /**
   * How often a system call was made, and how often it failed.
   *
   * @param calls entered
   * @param failures returned with an error number
   */
  public record Calls(long calls, long failures) {
    Calls plus(Calls other) {
      return new Calls(calls + other.calls, failures + other.failures);
    }
  }

  private static final int KINDS = 4;
  private static final int MOST_BYTES = 64;
  private static final int SHAPES = KINDS << 8;
  private static final int MOST_CALL_NUMBERS = 1 << 20;

  private final long[] byShape = new long[SHAPES];
  private final TreeMap<Long, Calls> calls = new TreeMap<>();
  private long sameLine;
  private long samePage;

  /** Accesses of a kind (as in {@link AccessKind}) and size. */
  public long count(int kind, int bytes) {
    return byShape[AccessBatch.shapeOf(kind, bytes)];
  }

  /** Accesses of a kind. */
  public long count(int kind) {
    long sum = 0;
    for (int bytes = 1; bytes <= MOST_BYTES; bytes++) {
      sum += count(kind, bytes);
    }
    return sum;
  }

  /** Data accesses whose first byte is in the 64-byte line of the thread's data access before. */
  public long sameLine() {
    return sameLine;
  }

  /** Data accesses whose first byte is in the 4 KiB page of the thread's data access before. */
  public long samePage() {
    return samePage;
  }

  /** By system call number. */
  public Map<Long, Calls> calls() {
    return calls;
  }

  void countShape(int shape) {
    byShape[shape]++;
  }

  void countNear(long lines, long pages) {
    sameLine += lines;
    samePage += pages;
  }

  void countCall(long number) {
    calls.merge(number, new Calls(1, 0), Calls::plus);
  }

  void countFailure(long number) {
    calls.merge(number, new Calls(0, 1), Calls::plus);
  }

  void encode(ByteSink out) {
    for (int kind = 0; kind < KINDS; kind++) {
      for (int bytes = 1; bytes <= MOST_BYTES; bytes++) {
        out.putVarint(count(kind, bytes));
      }
    }
    out.putVarint(sameLine);
    out.putVarint(samePage);
    out.putVarint(calls.size());
    calls.forEach((number, count) -> {
      out.putVarint(number);
      out.putVarint(count.calls());
      out.putVarint(count.failures());
    });
  }

  static Mix decode(ByteSource in) {
    Mix mix = new Mix();
    for (int kind = 0; kind < KINDS; kind++) {
      for (int bytes = 1; bytes <= MOST_BYTES; bytes++) {
        mix.byShape[AccessBatch.shapeOf(kind, bytes)] = in.varint();
      }
    }
    mix.sameLine = in.varint();
    mix.samePage = in.varint();
    int numbers = in.count(MOST_CALL_NUMBERS, "the number of different system calls");
    for (int i = 0; i < numbers; i++) {
      long number = in.varint();
      mix.calls.put(number, new Calls(in.varint(), in.varint()));
    }
    return mix;
  }
}
