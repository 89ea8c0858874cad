package org.legosim.kernel.sched;

/**
 * Weights of nice values and the fixed-point arithmetic with them.
 *
 * <p>Source: LegoOS {@code kernel/sched/core.c} and {@code fair.c}, as Linux 4.8: {@code
 * sched_prio_to_weight}, {@code sched_prio_to_wmult}, {@code __calc_delta}.
 */
final class Weights {
  static final int NICE_MIN = -20;
  static final int NICE_MAX = 19;

  /** Weight of nice 0. */
  static final long NICE_0 = 1024;

  /** Weight of the policy IDLE. */
  static final long IDLE = 3;

  private static final long IDLE_INVERSE = 1431655765L;
  private static final int INVERSE_SHIFT = 32;
  private static final long INVERSE_ONE = 0xffffffffL;

  private static final long[] BY_NICE = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
    9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
    1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
    110, 87, 70, 56, 45, 36, 29, 23, 18, 15
  };

  /** 2^32 / weight. */
  private static final long[] INVERSE_BY_NICE = {
    48388, 59856, 76040, 92818, 118348, 147320, 184698, 229616, 287308, 360437, 449829, 563644,
    704093, 875809, 1099582, 1376151, 1717300, 2157191, 2708050, 3363326, 4194304, 5237765, 6557202,
    8165337, 10153587, 12820798, 15790321, 19976592, 24970740, 31350126, 39045157, 49367440,
    61356676, 76695844, 95443717, 119304647, 148102320, 186737708, 238609294, 286331153
  };

  private Weights() {}

  static long of(Policy policy, int nice) {
    return policy == Policy.IDLE ? IDLE : BY_NICE[nice - NICE_MIN];
  }

  static long inverseOf(Policy policy, int nice) {
    return policy == Policy.IDLE ? IDLE_INVERSE : INVERSE_BY_NICE[nice - NICE_MIN];
  }

  /** The inverse of a sum of weights. */
  static long inverseOf(long weight) {
    return weight == 0 ? INVERSE_ONE : weight > INVERSE_ONE ? 1 : INVERSE_ONE / weight;
  }

  /** {@code delta * weight / w}, where {@code inverse} is about 2^32 / w. */
  static long scale(long delta, long weight, long inverse) {
    long factor = weight;
    int shift = INVERSE_SHIFT;
    while (factor >>> INVERSE_SHIFT != 0) {
      factor >>>= 1;
      shift--;
    }
    factor *= inverse;
    while (factor >>> INVERSE_SHIFT != 0) {
      factor >>>= 1;
      shift--;
    }
    long high = Math.multiplyHigh(delta, factor);
    long low = delta * factor;
    return high << (Long.SIZE - shift) | low >>> shift;
  }
}
