package org.legosim.kernel.connect;

import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** How the connections between the nodes are set up while they boot. */
public record ConnectParams(
    @Parameter(
        key = "fit.connect.when",
        unit = Unit.TEXT,
        defaultValue = "before-start",
        doc =
            "before-start: the nodes have booted when simulated time begins; simulated: it begins when they are"
                + " switched on, and programs start when every node is connected.")
    When when,

    @Parameter(
        key = "fit.connect.firstQueuePair",
        unit = Unit.COUNT,
        defaultValue = "80",
        range = "1..1000000",
        doc = "Number of the first queue pair of each node; those before it are burnt.",
        source = "LegoOS net/Kconfig; 72 and 74 in the diary's logs")
    int firstQueuePair,

    @Parameter(
        key = "fit.connect.lids",
        unit = Unit.TEXT,
        defaultValue = "[]",
        doc =
            "The ports' numbers that the kernels were built for, a number for each node; [] for those that the"
                + " subnet manager gives: 1, 2, 3 and so on.",
        source = "LegoOS net/lego: a table by host name, compiled in")
    List<String> lids,

    @Parameter(
        key = "fit.connect.mads",
        unit = Unit.COUNT,
        defaultValue = "7",
        range = "0..1000",
        doc = "Management datagrams that a node waits for before it begins.",
        source = "LegoOS net/lego")
    int mads,

    @Parameter(
        key = "fit.connect.madInterval",
        unit = Unit.PS,
        defaultValue = "8 s",
        doc = "Time between two management datagrams of the subnet manager.",
        source = "log of 2018-02-23: 56.8 s and 65.9 s from the table of nodes to the seventh",
        status = Status.MEASURED)
    Constant madInterval,

    @Parameter(
        key = "fit.connect.portPoll",
        unit = Unit.PS,
        defaultValue = "1 s",
        range = "1 ms..100 s",
        doc = "Pause between two looks whether the port is active and has a number.",
        source = "LegoOS net/lego")
    long portPollPs,

    @Parameter(
        key = "fit.connect.createQueuePair",
        unit = Unit.PS,
        defaultValue = "5 ms",
        doc = "Creating one queue pair, a command to the adapter's firmware.",
        source =
            "log of 2018-02-23: the seventh fails 69.5 ms after the beginning, each created and modified once",
        status = Status.MEASURED)
    Constant createQueuePair,

    @Parameter(
        key = "fit.connect.modifyQueuePair",
        unit = Unit.PS,
        defaultValue = "3.4 ms",
        doc = "Modifying one queue pair, a command to the adapter's firmware.",
        source = "log of 2018-02-23: 82.1 ms for a peer's twelve queue pairs, each modified twice",
        status = Status.MEASURED)
    Constant modifyQueuePair,

    @Parameter(
        key = "fit.connect.receives",
        unit = Unit.COUNT,
        defaultValue = "128",
        range = "1..256",
        doc = "Receives posted on each connection when it is made.",
        source = "LegoOS net/lego")
    int receives,

    @Parameter(
        key = "fit.connect.sleep",
        unit = Unit.PS,
        defaultValue = "10 s",
        range = "0 ps..300 s",
        doc = "Pause before a node sends its rings' addresses, so that the others are there.",
        source = "LegoOS net/Kconfig; 30 s in the diary's log")
    long sleepPs,

    @Parameter(
        key = "fit.connect.ackTimeout",
        unit = Unit.COUNT,
        defaultValue = "21",
        range = "1..31",
        doc =
            "Exponent of the time after which the adapter sends a packet again that nobody has acknowledged:"
                + " 4.096 us times 2 to this power.",
        source = "LegoOS net/lego: the attributes that its queue pairs are modified with")
    int ackTimeoutExponent,

    @Parameter(
        key = "fit.connect.retries",
        unit = Unit.COUNT,
        defaultValue = "7",
        range = "0..7",
        doc = "Times that the adapter sends a packet again before the connection fails.",
        source = "LegoOS net/lego: the attributes that its queue pairs are modified with")
    int retries) {

  private static final long ACK_TIMEOUT_UNIT_PS = 4_096_000;

  /** Pause of a sender whose receiver had posted no receive: code 12 of the IB specification. */
  static final long RECEIVER_NOT_READY_PS = 640_000_000;

  /** When the connections come about. */
  public enum When {
    BEFORE_START,
    SIMULATED
  }

  public ConnectParams {
    lids = List.copyOf(lids);
    for (String lid : lids) {
      if (!lid.matches("[0-9]{1,5}")
          || Integer.parseInt(lid) < 1
          || Integer.parseInt(lid) > 0xbfff) {
        throw new ConfigException(
            "fit.connect.lids: " + lid + " is no number of a port; allowed: 1 to 49151");
      }
    }
  }

  /** Time after which a packet that was not acknowledged is sent again. */
  public long ackTimeoutPs() {
    return ACK_TIMEOUT_UNIT_PS << ackTimeoutExponent;
  }

  /** The table's number of a node's port. */
  int lidOf(int node) {
    return lids.isEmpty() ? node + 1 : Integer.parseInt(lids.get(node));
  }
}
