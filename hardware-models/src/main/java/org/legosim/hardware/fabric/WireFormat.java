package org.legosim.hardware.fabric;

import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;

/**
 * Bytes of packets on InfiniBand links, within one subnet (InfiniBand Architecture Specification,
 * volume 1, chapter 9): LRH 8, BTH 12, ICRC 4 and VCRC 2 on each; RETH 16 on the first of an RDMA write
 * and on a read request; immediate data 4 on the last; AETH 4 on acknowledgements and on the first and
 * last packet of a read's answer; DETH 8 on a datagram.
 */
@HotPath
final class WireFormat {
  static final int HEADER_BYTES = 8 + 12 + 4 + 2;
  static final int REQUEST_BYTES = HEADER_BYTES + 16;
  static final int ANSWER_BYTES = HEADER_BYTES + 4;
  private static final int IMMEDIATE_BYTES = 4;
  private static final int RETH_BYTES = 16;
  private static final int AETH_BYTES = 4;
  private static final int DETH_BYTES = 8;

  private static final int CONTROL_SEGMENT = 16;
  private static final int ADDRESS_SEGMENT = 16;
  private static final int INLINE_HEADER = 4;

  /** What an adapter fetches at once of a work request. */
  static final int WORK_REQUEST_BYTES = 64;

  static final int DOORBELL_BYTES = 8;

  private WireFormat() {}

  static int packets(long bytes, int mtuBytes) {
    return (int) Math.max(1, Units.ceilDiv(bytes, mtuBytes));
  }

  /** Payload of packet {@code index}. */
  static int payload(long bytes, int mtuBytes, int index) {
    return (int) Math.min(mtuBytes, bytes - (long) index * mtuBytes);
  }

  /** Headers of packet {@code index} of the data of an operation. */
  static int headers(Operation operation, int packets, int index) {
    boolean isFirst = index == 0;
    boolean isLast = index == packets - 1;
    return HEADER_BYTES
        + switch (operation) {
          case WRITE -> isFirst ? RETH_BYTES : 0;
          case WRITE_IMMEDIATE -> (isFirst ? RETH_BYTES : 0) + (isLast ? IMMEDIATE_BYTES : 0);
          case READ -> isFirst || isLast ? AETH_BYTES : 0;
          case SEND -> 0;
          case DATAGRAM -> DETH_BYTES;
        };
  }

  /** Units of 64 bytes that a work request with its payload inside has. */
  static int inlineChunks(Operation operation, long bytes) {
    long segments = (long) CONTROL_SEGMENT
        + (operation == Operation.SEND || operation == Operation.DATAGRAM ? 0 : ADDRESS_SEGMENT);
    return (int) Units.ceilDiv(segments + INLINE_HEADER + bytes, WORK_REQUEST_BYTES);
  }
}
