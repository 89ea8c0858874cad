package org.legosim.kernel.failure;

import java.util.Locale;

/**
 * One thing that fails.
 *
 * @param kind what
 * @param node the name of the node that it happens to
 * @param value how many, or which; a time in picoseconds for what is late; 0 where nothing is asked
 * @param text as it was written
 */
public record Failure(Kind kind, String node, long value, String text) {
  /** What a failure's value is. */
  enum Value {
    COUNT,
    TIME
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
    BOOT_LATE(Value.TIME);

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
