package org.legosim.kernel.fit;

import org.legosim.kernel.connect.ConnectParams;
import org.legosim.kernel.failure.FailureParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Shape of the RPC layer. */
public record FitParams(
    @Parameter(
        key = "fit.queuePairs",
        unit = Unit.COUNT,
        defaultValue = "12",
        range = "4..24",
        doc = "Connections between each two nodes, used in turn.",
        source = "LegoOS net/Kconfig")
    int queuePairs,

    @Parameter(
        key = "fit.pollThreads",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..4",
        doc = "Pinned threads of each node that poll receive completions; connection i belongs to"
            + " thread i modulo their number.",
        source = "LegoOS net/Kconfig")
    int pollThreads,

    @Parameter(
        key = "fit.pollBatch",
        unit = Unit.COUNT,
        defaultValue = "12",
        range = "1..64",
        doc = "Completions that one poll may take.",
        source = "LegoOS net/lego")
    int pollBatch,

    @Parameter(
        key = "fit.ring",
        unit = Unit.BYTES,
        defaultValue = "4 MiB",
        range = "64 KiB..16 MiB",
        doc = "Receive ring for each peer; a message may fill half of it.",
        source = "LegoOS net/lego/fit.h")
    long ringBytes,

    @Parameter(
        key = "fit.ringAck",
        unit = Unit.BYTES,
        defaultValue = "512 KiB",
        range = "4 KiB..8 MiB",
        doc = "Bytes consumed from a ring before its writer is told.",
        source = "LegoOS net/lego")
    long ringAckBytes,

    @Parameter(
        key = "fit.replySlots",
        unit = Unit.COUNT,
        defaultValue = "63",
        range = "1..63",
        doc = "Requests of one node that may wait for a reply at once.",
        source = "LegoOS net/lego: a 64-bit map with slot 0 reserved")
    int replySlots,

    @Parameter(
        key = "fit.receiveRefill",
        unit = Unit.COUNT,
        defaultValue = "64",
        range = "1..256",
        doc = "Receives of a connection after which as many are posted again.",
        source = "LegoOS net/lego")
    int receiveRefill,

    @Parameter(
        key = "fit.completions",
        unit = Unit.TEXT,
        defaultValue = "each",
        doc = "Whether a sender polls for the completion of each send, or of every twelfth.",
        source = "LegoOS net/Kconfig")
    CompletionMode completions,

    @Parameter(
        key = "fit.sequential",
        unit = Unit.FLAG,
        defaultValue = "false",
        doc = "One global lock around each call of a node: a debugging aid of the real kernel.",
        source = "LegoOS net/Kconfig")
    boolean isSequential,

    @Parameter(
        key = "fit.timeout",
        unit = Unit.PS,
        defaultValue = "30 s",
        range = "1 ms..300 s",
        doc = "Time after which a caller gives up; execve has twice as much.",
        source = "LegoOS managers; include/net",
        status = Status.CHOICE)
    long timeoutPs,

    @Parameter(
        key = "fit.pageChecksum",
        unit = Unit.FLAG,
        defaultValue = "false",
        doc =
            "Each page that crosses the network carries a checksum, which both ends compute; one that"
                + " arrives changed is warned of, and ends the run with check: always.",
        source = "LegoOS: a debugging structure of its replies, off by default")
    boolean hasPageChecksums,

    FitCosts costs,
    ConnectParams connect,
    FailureParams failures) {

  /** When a sender looks for the completion of a send. */
  public enum CompletionMode {
    EACH,
    BATCH
  }

  /** FIT's header in front of each message that goes into a ring. */
  public static final int HEADER_BYTES = 32;

  /** Sends after which a batching sender polls. */
  static final int COMPLETION_BATCH = 12;

  public FitParams {
    if (ringAckBytes * 2 > ringBytes) {
      throw new ConfigException("fit.ringAck is "
          + ringAckBytes
          + " bytes, but at most half of fit.ring ("
          + ringBytes
          + " bytes) may stay unacknowledged: lower fit.ringAck or raise fit.ring");
    }
  }

  /** Largest message, FIT's header included. */
  public long messageBytesMax() {
    return ringBytes / 2;
  }
}
