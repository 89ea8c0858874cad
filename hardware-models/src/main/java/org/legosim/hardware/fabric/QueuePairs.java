package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;

/**
 * Connections between nodes, in columns: number c of those from node s to node t is
 * {@code (s * nodes + t) * perPair + c}. Each column belongs to the end that sends requests or to the
 * one that answers them. Sequence numbers count packets from 0 and do not wrap at 24 bits.
 */
@HotPath
final class QueuePairs {
  static final long UNLIMITED = Long.MAX_VALUE;

  private final int nodes;
  private final int perPair;

  // The requesting end.
  final long[] nextSequence;
  final int[] retries;
  final int[] receiverRetries;
  final boolean[] timerPending;
  final long[] timerMark;
  final long[] acknowledged;
  final boolean[] awaitsReceiver;

  // Both ends: requests in order, the one whose turn it is to move data, the last packet's time.
  final int[][] first = new int[2][];
  final int[][] last = new int[2][];
  final int[][] cursor = new int[2][];
  final long[][] lastPacketPs = new long[2][];

  // The answering end.
  final long[] expected;
  final boolean[] isRefused;
  final long[] receives;

  QueuePairs(int nodes, int perPair) {
    this.nodes = nodes;
    this.perPair = perPair;
    int count = Math.multiplyExact(Math.multiplyExact(nodes, nodes), perPair);
    nextSequence = new long[count];
    retries = new int[count];
    receiverRetries = new int[count];
    timerPending = new boolean[count];
    timerMark = new long[count];
    acknowledged = new long[count];
    awaitsReceiver = new boolean[count];
    expected = new long[count];
    isRefused = new boolean[count];
    receives = new long[count];
    Arrays.fill(receives, UNLIMITED);
    for (int side = 0; side < 2; side++) {
      first[side] = new int[count];
      last[side] = new int[count];
      cursor[side] = new int[count];
      lastPacketPs[side] = new long[count];
      Arrays.fill(first[side], FabricMessages.NONE);
      Arrays.fill(cursor[side], FabricMessages.NONE);
    }
  }

  int of(int source, int target, int connection) {
    return (source * nodes + target) * perPair + connection;
  }

  /** Number of the queue pair among those of one adapter: both directions share it. */
  int atAdapter(int queuePair, int node) {
    int pair = queuePair / perPair;
    int source = pair / nodes;
    int target = pair % nodes;
    int peer = source == node ? target : source;
    return peer * perPair + queuePair % perPair;
  }

  int connection(int queuePair) {
    return queuePair % perPair;
  }

  int perAdapter() {
    return (nodes - 1) * perPair;
  }

  int numbersPerAdapter() {
    return nodes * perPair;
  }

  int sourceOf(int queuePair) {
    return queuePair / perPair / nodes;
  }

  int targetOf(int queuePair) {
    return queuePair / perPair % nodes;
  }
}
