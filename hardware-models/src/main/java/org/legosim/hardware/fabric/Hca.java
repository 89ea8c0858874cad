package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Server;

/** One node's adapter in its slot. */
@HotPath
public final class Hca {
  final PciePort port;
  final Server[] engines;
  final ContextCache queuePairs;
  final ContextCache translations;
  long sentMessages;
  long sentBytes;
  long receivedBytes;
  long retransmissions;
  long duplicates;

  Hca(
      int node,
      PcieSlot slot,
      int engineCount,
      ContextCache queuePairs,
      ContextCache translations) {
    port = new PciePort(slot);
    engines = new Server[engineCount];
    for (int engine = 0; engine < engineCount; engine++) {
      engines[engine] = new Server("network." + node + ".engine" + engine);
    }
    this.queuePairs = queuePairs;
    this.translations = translations;
  }

  Server engine(int connection) {
    return engines[connection % engines.length];
  }

  public PciePort port() {
    return port;
  }

  /** Work requests posted here. */
  public long sentMessages() {
    return sentMessages;
  }

  /** Payload that left here, retransmissions excluded. */
  public long sentBytes() {
    return sentBytes;
  }

  /** Payload that was written here, duplicates excluded. */
  public long receivedBytes() {
    return receivedBytes;
  }

  /** Times that packets were sent again from some sequence number on. */
  public long retransmissions() {
    return retransmissions;
  }

  /** Packets that had arrived before. */
  public long duplicates() {
    return duplicates;
  }

  public long queuePairMisses() {
    return queuePairs.misses();
  }

  public long translationMisses() {
    return translations.misses();
  }

  public long contextLookups() {
    return queuePairs.lookups() + translations.lookups();
  }
}
