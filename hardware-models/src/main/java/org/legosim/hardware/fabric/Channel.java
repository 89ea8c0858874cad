package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.HotPath;

/**
 * One direction of a cable with the queue of the port that sends on it: first come, first served
 * within a virtual lane, the lanes in turn. A packet is sent once the link is idle and the receiving
 * end has room for all of it.
 */
@HotPath
public final class Channel {
  static final int NO_NODE = -1;
  private static final long NEVER = Long.MAX_VALUE;

  private final String name;
  private final Packets packets;
  private final CreditPool[] credits;
  private final int[] first;
  private final int[] last;
  private int turn;
  private int queued;

  /** The node at the far end, or {@link #NO_NODE} for a switch. */
  final int toNode;

  final int toSwitch;
  /** The node whose cable it is part of, or {@link #NO_NODE}. */
  final int cableOf;

  /** When the last packet's tail leaves. */
  long busyUntilPs;

  /** When the fabric looks at this channel again, or {@link #NEVER}. */
  long wakePs = NEVER;

  // Counts.
  private long sentPackets;
  private long sentBytes;
  private long busyPs;
  private long waitPs;
  private long queuePs;
  private long changedPs;
  private int queuedMost;
  long lost;
  long corrupted;

  Channel(
      String name,
      Packets packets,
      int lanes,
      int creditBlocks,
      int toNode,
      int toSwitch,
      int cableOf) {
    this.name = name;
    this.packets = packets;
    this.toNode = toNode;
    this.toSwitch = toSwitch;
    this.cableOf = cableOf;
    credits = new CreditPool[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      credits[lane] = new CreditPool(name + " lane " + lane, creditBlocks);
    }
    first = new int[lanes];
    last = new int[lanes];
    Arrays.fill(first, Packets.NONE);
  }

  void enqueue(int packet, long nowPs) {
    change(nowPs, 1);
    queuedMost = Math.max(queuedMost, queued);
    packets.queuedPs[packet] = nowPs;
    packets.next[packet] = Packets.NONE;
    int lane = packets.lane[packet];
    if (first[lane] == Packets.NONE) {
      first[lane] = packet;
    } else {
      packets.next[last[lane]] = packet;
    }
    last[lane] = packet;
  }

  /** The next packet that may be sent on the idle link now, taken out of its queue; or none. */
  int takeNext(long nowPs) {
    int lanes = first.length;
    for (int step = 0; step < lanes; step++) {
      int lane = turn + step < lanes ? turn + step : turn + step - lanes;
      int packet = first[lane];
      if (packet != Packets.NONE && credits[lane].has(packets.blocks[packet], nowPs)) {
        credits[lane].take(packets.blocks[packet]);
        first[lane] = packets.next[packet];
        turn = lane + 1 < lanes ? lane + 1 : 0;
        change(nowPs, -1);
        waitPs += nowPs - packets.queuedPs[packet];
        return packet;
      }
    }
    return Packets.NONE;
  }

  /** The link sends {@code bytes} from {@code nowPs} on. */
  void occupy(long nowPs, long servicePs, int bytes) {
    busyUntilPs = nowPs + servicePs;
    busyPs += servicePs;
    sentPackets++;
    sentBytes += bytes;
  }

  /** When credits on their way let some packet pass, or {@link Long#MAX_VALUE}. */
  long creditPs() {
    long earliestPs = NEVER;
    for (int lane = 0; lane < first.length; lane++) {
      if (first[lane] != Packets.NONE) {
        earliestPs = Math.min(earliestPs, credits[lane].freePs(packets.blocks[first[lane]]));
      }
    }
    return earliestPs;
  }

  void giveBack(int lane, int blocks, long atPs) {
    credits[lane].giveBack(blocks, atPs);
  }

  boolean isEmpty() {
    return queued == 0;
  }

  private void change(long nowPs, int by) {
    queuePs += queued * (nowPs - changedPs);
    changedPs = nowPs;
    queued += by;
  }

  /** Little's law, to the picosecond: all waits together are the integral of the queue's length. */
  void verifyIdle() {
    if (queued != 0 || waitPs != queuePs) {
      throw new InvariantViolation(name + ": " + queued + " packets wait at the end; waits of "
          + waitPs + " ps, length over time " + queuePs + " ps");
    }
  }

  public String name() {
    return name;
  }

  public long sentPackets() {
    return sentPackets;
  }

  /** Payload and headers. */
  public long sentBytes() {
    return sentBytes;
  }

  public long busyPs() {
    return busyPs;
  }

  /** Sum of the packets' waits in the queue. */
  public long waitPs() {
    return waitPs;
  }

  /** Integral of the queue's length over time. */
  public long queuePs() {
    return queuePs;
  }

  public int queuedMost() {
    return queuedMost;
  }

  /** Packets that vanished on it, or arrived changed. */
  public long damaged() {
    return lost + corrupted;
  }
}
