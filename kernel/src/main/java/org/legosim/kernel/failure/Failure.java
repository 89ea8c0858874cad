package org.legosim.kernel.failure;

import java.util.List;
import java.util.Locale;

/**
 * One thing that fails.
 *
 * @param kind what
 * @param nodes names of the nodes that it happens to
 * @param value how many, which, or how often; a time in picoseconds for what is late; 0 where nothing is asked
 * @param others for {@link Kind#CUT_FROM}, whom they cannot reach
 * @param fromPs when it begins
 * @param untilPs when it is over
 * @param text as it was written
 */
public record Failure(
    Kind kind,
    List<String> nodes,
    long value,
    List<String> others,
    long fromPs,
    long untilPs,
    String text) {
  /** End of what is never over. */
  public static final long NEVER_PS = Long.MAX_VALUE;

  public Failure {
    nodes = List.copyOf(nodes);
    others = List.copyOf(others);
  }

  /** True at a moment of its time. */
  public boolean isAt(long timePs) {
    return timePs >= fromPs && timePs < untilPs;
  }

  /** What stands behind a failure's word. */
  enum Value {
    COUNT,
    TIME,
    WINDOW,
    FACTOR_AND_WINDOW,
    NODES_AND_WINDOW
  }

  /** What can fail. */
  public enum Kind {
    /** The adapter refuses to modify a queue pair, counted from 0. */
    MODIFY_QP(Value.COUNT),
    /** The subnet manager gives the port another number than the kernel was built for. */
    LID(Value.COUNT),
    /** So many management datagrams never come. */
    MADS_LOST(Value.COUNT),
    /** So many management datagrams come, and the firmware refuses them. */
    MAD_IFC(Value.COUNT),
    /** The port becomes active so much later. */
    PORT_LATE(Value.TIME),
    /** The machine is switched on so much later. */
    BOOT_LATE(Value.TIME),
    /** The machine stops. One that comes back is a stranger: nobody can join the network later. */
    DOWN(Value.WINDOW),
    /** Nothing reaches the machine and nothing leaves it; it goes on, and is as it was afterwards. */
    UNREACHABLE(Value.WINDOW),
    /** The same between two sets of machines. */
    CUT_FROM(Value.NODES_AND_WINDOW),
    /** Its polling threads take nothing. */
    STALLED(Value.WINDOW),
    /** Its workers take so many times as long. */
    SLOW(Value.FACTOR_AND_WINDOW);

    private final Value value;

    Kind(Value value) {
      this.value = value;
    }

    Value value() {
      return value;
    }

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
