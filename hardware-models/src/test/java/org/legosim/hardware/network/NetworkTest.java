package org.legosim.hardware.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.hardware.Defaults;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Ledger;

class NetworkTest {
  /** Round figures for the adapter, so that the arithmetic below can be followed by hand. */
  private static final String[] ROUND = {
    "network.nic.send=100 ns",
    "network.nic.receive=100 ns",
    "network.nic.ack=100 ns",
    "network.nic.bufferRate=80 Gbit/s"
  };

  private static NetworkParams params(String... settings) {
    return Defaults.of(
        NetworkParams.class,
        Stream.concat(Arrays.stream(ROUND), Arrays.stream(settings)).toArray(String[]::new));
  }

  private static Network network(String... settings) {
    return new Network(params(settings), 4, new Ledger());
  }

  private static int send(Network network, long nowPs, int source, int target, long bytes) {
    int message = network.transmit(nowPs, source, target, bytes);
    network.deliver(message, network.atSwitchPs(message));
    return message;
  }

  /**
   * 64 bytes by hand, in ps. Doorbell 100,000; work request: 370,000 + 84 B at 57.9 Gbit/s = 11,607;
   * send 100,000; payload: 370,000 + 84 B = 11,607; link: 110 B at 250 ps/B = 27,500; hop 120,000 and
   * two cables 20,000; receive 100,000; write: 88 B = 12,159; entry: 88 B = 12,159; visible 80,000;
   * both adapters' buffers: 64 B at 80 Gbit/s, 6,400 each.
   * The link's time counts once, as the switch cuts through. The acknowledgement: 100,000 + 30 B =
   * 7,500 + 140,000, then the entry 12,159 + 80,000, all from the payload's write on.
   */
  @Test
  void smallMessage_takesWhatTheHandSays() {
    Network network = network();
    int message = send(network, 5_000, 0, 1, 64);
    long deliveredPs = 100_000 + 381_607 + 100_000 + 381_607 + 27_500 + 140_000 + 100_000 + 12_159
        + 12_159 + 80_000 + 2 * 6_400;
    assertEquals(5_000 + deliveredPs, network.deliveredPs(message));
    long writtenPs = deliveredPs - 12_159 - 80_000;
    assertEquals(
        5_000 + writtenPs + 100_000 + 7_500 + 140_000 + 92_159, network.completedPs(message));
    assertEquals(0, network.queueingPs(message));
    assertEquals(deliveredPs, network.wirePs(message));
  }

  /**
   * n full packets: the first passes read, link and write in turn, each further one costs the slowest
   * of the three. With 57.9 Gbit/s PCIe and a 32 Gbit/s link that is the link.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, 64, 2_048, 4_096, 65_536})
  void idlePath_equalsItsClosedFormula(long bytes) {
    Network network = network();
    long fixedPs = 100_000 + 381_607 + 100_000 + 140_000 + 100_000 + 80_000 + 12_159;
    long packets = Math.max(1, bytes / 2048);
    long payload = Math.min(bytes, 2048);
    long readPs = bytes == 0 ? 0 : 370_000 + pciePs(payload, 20);
    long linkPs = 250 * (bytes + 26 * packets + 16 + 4);
    long bufferPs = 2 * 100 * payload;
    long expectedPs = fixedPs + readPs + bufferPs + linkPs + pciePs(payload, 24);
    assertEquals(expectedPs, network.wirePs(send(network, 0, 0, 1, bytes)));
    assertEquals(expectedPs, network.idleDeliveryPs(bytes));
  }

  /** ceil((bytes + header x ceil(bytes / 256)) x 8 / 57.9 Gbit/s). */
  private static long pciePs(long bytes, long header) {
    long wire = bytes + header * ((bytes + 255) / 256);
    return (wire * 80_000 + 578) / 579;
  }

  /** A slot at 8 Gbit/s: reading, not the link, sets the pace; the last packet still passes in turn. */
  @Test
  void slowReads_setThePaceOfFurtherPackets() {
    Network network =
        network("network.pcie.readRate=8 Gbit/s", "network.pcie.completionHeader=0 B");
    // 1 ns per byte: 2048 ns per packet; link 250 x (2048 + 26 + 4) for the last, write as before.
    long expectedPs = (100_000 + 370_000 + 64_000 + 100_000 + 140_000 + 100_000 + 80_000 + 12_159)
        + (370_000 + 3 * 2_048_000)
        + 250 * (2048 + 26 + 4)
        + 2 * 100 * 2048
        + pciePs(2048, 24);
    assertEquals(expectedPs, network.wirePs(send(network, 0, 0, 1, 3 * 2048)));
  }

  @Test
  void inlineAndPushedRequests_skipTheirReads() {
    long plainPs = network().idleDeliveryPs(64);
    long pushedPs = network("network.nic.blueFlame=on").idleDeliveryPs(64);
    long inlinePs =
        network("network.nic.blueFlame=on", "network.nic.inlineLimit=220 B").idleDeliveryPs(64);
    assertEquals(381_607, plainPs - pushedPs);
    // An inline payload does not pass the sender's buffer either.
    assertEquals(381_607 + 6_400, pushedPs - inlinePs);
    assertEquals(
        pushedPs - inlinePs,
        381_607 + 6_400,
        "one byte above the limit is read: "
            + network("network.nic.inlineLimit=63 B").idleDeliveryPs(64));
  }

  /** Two messages posted at once by one node: the second waits for the link behind the first. */
  @Test
  void secondMessageOfASender_waitsForItsLink() {
    Network network = network();
    int first = network.transmit(0, 0, 1, 4096);
    int second = network.transmit(0, 0, 2, 4096);
    network.deliver(first, network.atSwitchPs(first));
    network.deliver(second, network.atSwitchPs(second));
    assertEquals(0, network.queueingPs(first));
    // The link serves 4096 + 2 x 26 + 20 bytes at 250 ps: the second begins that much later.
    assertEquals(250 * (4096 + 52 + 20), network.queueingPs(second));
    assertEquals(network.wirePs(first), network.wirePs(second));
  }

  /** Two senders reach one receiver's port at the same time; the one delivered first goes first. */
  @Test
  void fanIn_queuesAtTheOutputPortInOrderOfArrival() {
    Network network = network();
    int early = network.transmit(0, 0, 2, 2048);
    int late = network.transmit(1, 1, 2, 2048);
    network.deliver(early, network.atSwitchPs(early));
    network.deliver(late, network.atSwitchPs(late));
    assertEquals(0, network.queueingPs(early));
    assertEquals(250 * (2048 + 46) - 1, network.queueingPs(late));
  }

  @Test
  void saturatedLink_deliversItsRate() {
    Network network = network();
    long lastPs = 0;
    for (int i = 0; i < 1000; i++) {
      int message = send(network, 0, 0, 1, 4096);
      lastPs = network.deliveredPs(message);
      network.release(message);
    }
    // 1000 x 4168 bytes on the link at 250 ps, and one idle path.
    long expectedPs = 999L * 4168 * 250 + network.idleDeliveryPs(4096);
    assertEquals(expectedPs, lastPs);
    assertEquals(0, network.inFlight());
    assertEquals(1000L * 4168 * 250, network.adapter(0).uplinkBusyPs());
  }

  @Test
  void smallMessages_areLimitedByTheAdaptersRate() {
    Network network = network("network.nic.blueFlame=on", "network.nic.inlineLimit=220 B");
    int message = 0;
    for (int i = 0; i < 100; i++) {
      message = send(network, 0, 0, 1, 4);
    }
    assertEquals(99 * 113_600, network.queueingPs(message));
  }

  @Test
  void counts_nameBytesPacketsAndTlps() {
    Network network = network();
    send(network, 0, 0, 1, 4168);
    Adapter sender = network.adapter(0);
    assertEquals(4168, sender.sentBytes());
    assertEquals(3, sender.sentPackets()); // 2048 + 2048 + 72
    assertEquals(4168 + 3 * 26 + 20, sender.sentWireBytes());
    assertEquals(8 + 8 + 1, sender.readTlps());
    assertEquals(8 + 8 + 1 + 1, network.adapter(1).writeTlps()); // and the completion entry
    assertEquals(4168, network.sentBytes());
    assertEquals(1, network.sentMessages());
  }

  @Test
  void fixedModel_isLatencyPlusBytesOverRate() {
    Network network = network("network.model=fixed");
    int first = send(network, 10, 0, 1, 4096);
    int second = send(network, 10, 0, 1, 4096);
    assertEquals(10 + 1_200_000 + 4096 * 250, network.deliveredPs(first));
    assertEquals(network.deliveredPs(first), network.deliveredPs(second));
    assertEquals(0, network.queueingPs(second));
  }

  @Test
  void ledger_receivesExactlyTheDelivery() {
    Ledger ledger = new Ledger();
    Network network = new Network(params(), 2, ledger);
    int message = send(network, 0, 0, 1, 10_000);
    network.chargeDelivery(message);
    assertEquals(network.wirePs(message), sum(ledger));
    network.chargeCompletion(message);
    long writtenPs = network.deliveredPs(message) - 12_159 - 80_000;
    assertEquals(network.wirePs(message) + network.completedPs(message) - writtenPs, sum(ledger));
  }

  private static long sum(Ledger ledger) {
    return ledger.charged().entrySet().stream().mapToLong(Map.Entry::getValue).sum();
  }

  @Test
  void deliveryOutOfItsPlace_isADefect() {
    Network network = network();
    int message = network.transmit(0, 0, 1, 64);
    assertThrows(ModelException.class, () -> network.deliver(message, 0));
    network.deliver(message, network.atSwitchPs(message));
    assertThrows(ModelException.class, () -> network.deliver(message, network.atSwitchPs(message)));
    assertThrows(ModelException.class, () -> network.transmit(0, 1, 1, 64));
  }

  @Test
  void pcieRates_areDerivedFromTheSlot() {
    assertEquals(63_015_384_615L, PcieRate.rawBitsPerSecond(3, 8));
    assertEquals(57.9e9, (double) PcieRate.usableBitsPerSecond(3, 8), 0.05e9);
    assertEquals(32_000_000_000L, PcieRate.rawBitsPerSecond(2, 8));
    assertEquals(29.4e9, (double) PcieRate.usableBitsPerSecond(2, 8), 0.05e9);
    assertThrows(ConfigException.class, () -> PcieRate.rawBitsPerSecond(9, 8));
    assertThrows(ConfigException.class, () -> PcieRate.rawBitsPerSecond(3, 0));
  }

  @Test
  void impossibleSettings_areRefusedByKey() {
    ConfigException mtu = assertThrows(ConfigException.class, () -> params("network.mtu=1000 B"));
    assertTrue(mtu.getMessage().contains("network.mtu"));
    ConfigException limit =
        assertThrows(ConfigException.class, () -> params("network.nic.inlineLimit=4096 B"));
    assertTrue(limit.getMessage().contains("network.nic.inlineLimit"));
  }
}
