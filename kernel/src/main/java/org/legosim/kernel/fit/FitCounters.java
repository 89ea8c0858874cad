package org.legosim.kernel.fit;

import org.legosim.timing.metrics.LatencyCounts;

/** What one node's RPC layer counts. */
public final class FitCounters {
  long sendReplies;
  long sends;
  long sentBytes;
  long receivedBytes;
  long completions;
  long timeouts;
  long lateReplies;
  long ringAcks;
  long slotWaitsPs;
  final LatencyCounts latency = new LatencyCounts();

  /** Calls that wait for a reply, when they ring the doorbell ({@code nr_ib_send_reply}). */
  public long sendReplies() {
    return sendReplies;
  }

  /** One-way sends ({@code nr_ib_send}). */
  public long sends() {
    return sends;
  }

  /** Bytes of messages sent, replies included ({@code nr_bytes_tx}). */
  public long sentBytes() {
    return sentBytes;
  }

  /** Bytes of messages received ({@code nr_bytes_rx}). */
  public long receivedBytes() {
    return receivedBytes;
  }

  /** Receive completions that the polling threads took. */
  public long completions() {
    return completions;
  }

  public long timeouts() {
    return timeouts;
  }

  /** Replies whose caller had given up. */
  public long lateReplies() {
    return lateReplies;
  }

  public long ringAcks() {
    return ringAcks;
  }

  /** Calls that got their reply: from the start of the call to its return. */
  public LatencyCounts latency() {
    return latency;
  }
}
