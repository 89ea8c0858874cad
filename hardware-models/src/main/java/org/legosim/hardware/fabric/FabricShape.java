package org.legosim.hardware.fabric;

import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;

/**
 * Everything a fabric is built from, in canonical units.
 *
 * @param ackPs both adapters' work on an acknowledgement
 * @param queuePairs between each two nodes
 * @param translations pages that each adapter's requests may name
 */
public record FabricShape(
    VerbsParams params,
    PcieSlot slot,
    long linkBitsPerSecond,
    long propagationPs,
    long switchHopPs,
    int mtuBytes,
    long doorbellPs,
    boolean blueFlame,
    int inlineLimitBytes,
    long messageIntervalPs,
    int completionEntryBytes,
    long ackPs,
    int queuePairs,
    int translations) {

  public FabricShape {
    int blocks = params.link().creditBlocks();
    int wanted = CreditPool.blocksOf(mtuBytes + WireFormat.HEADER_BYTES + 16 + 4);
    if (blocks == 0) {
      throw new ConfigException("network.link.credits: 0 blocks; a link whose receiving end has no"
          + " buffer never carries a packet: give it at least " + wanted + " for network.mtu="
          + mtuBytes);
    }
    if (blocks < wanted) {
      throw new ConfigException(
          "network.link.credits: " + blocks + " blocks of 64 bytes; a packet of"
              + " network.mtu (" + mtuBytes + " bytes) with its headers takes " + wanted
              + ": raise the buffer or lower the MTU");
    }
    long roundTripPs = 2 * (propagationPs + switchHopPs);
    if (params.transport().timeoutPs() <= roundTripPs) {
      throw new ConfigException("network.rc.timeout: " + params.transport().timeoutExponent()
          + " is 4.096 us x 2^n = " + params.transport().timeoutPs()
          + " ps, less than two hops (" + roundTripPs + " ps): every packet would be sent again;"
          + " raise it");
    }
  }

  /** The same with other numbers of queue pairs and pages, for an experiment. */
  public FabricShape with(int pairs, int pages) {
    return new FabricShape(
        params,
        slot,
        linkBitsPerSecond,
        propagationPs,
        switchHopPs,
        mtuBytes,
        doorbellPs,
        blueFlame,
        inlineLimitBytes,
        messageIntervalPs,
        completionEntryBytes,
        ackPs,
        pairs,
        pages);
  }

  /** Whether a request carries its payload. */
  boolean isInline(Operation operation, long bytes) {
    return operation != Operation.READ && bytes > 0 && bytes <= inlineLimitBytes;
  }

  /** Whether a CPU writes the request itself into the adapter: only small ones with their payload. */
  boolean isPushed(Operation operation, long bytes) {
    return blueFlame && isInline(operation, bytes);
  }

  long wirePs(long bytes) {
    return Units.serialisationPs(bytes, linkBitsPerSecond);
  }

  /** Least time that an adapter needs to take a packet over or to hand it on. */
  long enginePs(long bytes) {
    return Units.serialisationPs(bytes, params.hca().engineBitsPerSecond().value());
  }

  /** From a post to the adapter's knowing of it, and with a pushed request the request. */
  long doorbellPs(Operation operation, long bytes) {
    return isPushed(operation, bytes)
        ? doorbellPs
            + WireFormat.inlineChunks(operation, bytes)
                * params.hca().blueFlameChunkPs().value()
        : doorbellPs;
  }

  /** A fetch of what an adapter lacks in one of its caches. */
  long contextMissPs() {
    return params.hca().contextReads()
        * (slot.ps(slot.requestHeaderBytes())
            + slot.readLatencyPs()
            + slot.dramPenaltyPs()
            + slot.readPs(WireFormat.WORK_REQUEST_BYTES));
  }
}
