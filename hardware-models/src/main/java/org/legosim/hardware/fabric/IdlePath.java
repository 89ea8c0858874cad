package org.legosim.hardware.fabric;

import org.legosim.timing.engine.HotPath;

/**
 * What operations take through idle stations, worked out packet by packet and without events: the
 * closed form that {@link Fabric} meets to the picosecond when nobody else is there. Switches are
 * added by the caller: each delays the whole train by a cable and a hop.
 */
@HotPath
final class IdlePath {
  private static final int REMEMBERED = 64;
  private static final int OPERATIONS = Operation.values().length;

  private final FabricShape shape;
  private final PcieSlot slot;
  private final long processPs;
  private final long responsePs;

  // The last results, by operation and size.
  private final long[] keys = new long[REMEMBERED];
  private final long[] results = new long[REMEMBERED];

  // A train at work.
  private long packetPs;
  private long answerPs;
  private long linkPs;
  private long upPs;
  private long orderedPs;
  private long landedPs;

  IdlePath(FabricShape shape) {
    this.shape = shape;
    slot = shape.slot();
    processPs = shape.params().hca().processPs().value();
    responsePs = shape.params().hca().responsePs().value();
  }

  /** A write or a send, from post to what the target's CPU sees, on a cable without switches. */
  long deliveryPs(Operation operation, long bytes) {
    long key = (bytes * OPERATIONS + operation.ordinal()) + 1;
    int slotNumber = (int) (key & REMEMBERED - 1);
    if (keys[slotNumber] != key) {
      results[slotNumber] = workOut(operation, bytes);
      keys[slotNumber] = key;
    }
    return results[slotNumber];
  }

  private long workOut(Operation operation, long bytes) {
    long startPs = requestPs(operation, bytes);
    boolean reads = bytes > 0 && !shape.isInline(operation, bytes);
    train(operation, bytes, startPs, reads, processPs);
    return (operation.isNotified ? write(landedPs, shape.completionEntryBytes()) : landedPs)
        + slot.writeLatencyPs();
  }

  /** A read, from post to what the source's CPU sees, on a cable without switches. */
  long readPs(long bytes) {
    long atTargetPs = requestPs(Operation.READ, bytes)
        + shape.wirePs(WireFormat.REQUEST_BYTES)
        + shape.propagationPs()
        + processPs;
    train(Operation.READ, bytes, atTargetPs, bytes > 0, responsePs);
    return write(landedPs, shape.completionEntryBytes()) + slot.writeLatencyPs();
  }

  /** From the acceptance of a last packet to what the sender's CPU sees. */
  long ackPs() {
    return shape.wirePs(WireFormat.ANSWER_BYTES)
        + shape.propagationPs()
        + shape.ackPs()
        + slot.ps(shape.completionEntryBytes() + slot.writeHeaderBytes())
        + slot.writeLatencyPs();
  }

  /** From post to the begin of the data's way. */
  private long requestPs(Operation operation, long bytes) {
    long fetchPs = shape.isPushed(operation, bytes)
        ? 0
        : slot.ps(slot.requestHeaderBytes())
            + slot.readLatencyPs()
            + slot.readPs(WireFormat.WORK_REQUEST_BYTES);
    return shape.doorbellPs(operation, bytes) + fetchPs + processPs;
  }

  private void train(Operation operation, long bytes, long startPs, boolean reads, long receivePs) {
    int packets = WireFormat.packets(bytes, shape.mtuBytes());
    packetPs = 0;
    linkPs = 0;
    upPs = 0;
    orderedPs = 0;
    landedPs = 0;
    answerPs = startPs + slot.ps(slot.requestHeaderBytes()) + slot.readLatencyPs();
    for (int index = 0; index < packets; index++) {
      int payload = WireFormat.payload(bytes, shape.mtuBytes(), index);
      packetPs = Math.max(packetPs, reads ? read(payload) : startPs);
      linkPs = Math.max(linkPs, packetPs)
          + shape.wirePs(payload + WireFormat.headers(operation, packets, index));
      long arrivedPs = linkPs + shape.propagationPs() + receivePs;
      long writtenPs = payload > 0 ? write(arrivedPs, payload) : arrivedPs;
      landedPs = Math.max(landedPs, Math.max(writtenPs, arrivedPs + shape.enginePs(payload)));
    }
  }

  /** When the next packet is in the adapter. */
  private long read(int payload) {
    long beginPs = answerPs;
    answerPs += slot.readPs(payload);
    return Math.max(answerPs, beginPs + shape.enginePs(payload));
  }

  private long write(long readyPs, long bytes) {
    long left = bytes;
    upPs = Math.max(upPs, readyPs);
    while (left > 0) {
      long payload = Math.min(left, slot.payloadBytes());
      upPs += slot.ps(payload + slot.writeHeaderBytes());
      orderedPs = Math.max(upPs, orderedPs + slot.postedIntervalPs());
      left -= payload;
    }
    return orderedPs;
  }
}
