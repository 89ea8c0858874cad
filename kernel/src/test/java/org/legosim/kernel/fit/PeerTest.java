package org.legosim.kernel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ConfigException;
import org.legosim.timing.InvariantViolation;

/** The two ends of a ring and the connections beside it, rule by rule at its edge. */
class PeerTest {
  private static final int RING = 64 << 10;

  private final FitHarness harness = new FitHarness("fit.ring", "64 KiB", "fit.ringAck", "16 KiB");
  private final Peer writer = harness.caller.peer(1);
  private final Peer reader = harness.fit.node(1).peer(0);

  private static Rpc message(long bytes) {
    Rpc rpc = new Rpc(0, new Request());
    rpc.bytes = bytes;
    return rpc;
  }

  private Rpc reserved(long bytes) {
    Rpc rpc = message(bytes);
    writer.reserve(rpc);
    return rpc;
  }

  @Test
  void messagesFollowEachOther_untilTheEndOfTheRing() {
    assertEquals(0, reserved(20_000).ringOffset);
    assertEquals(20_000, reserved(20_000).ringOffset);
    assertEquals(40_000, reserved(20_000).ringOffset);
    // 60,000 + 20,000 is behind the end: the rest of 5,536 bytes is skipped.
    Rpc wrapped = reserved(20_000);
    assertEquals(0, wrapped.ringOffset);
    assertEquals(25_536, wrapped.ringBytes);
    assertEquals(RING + 20_000, wrapped.ringEnd);
  }

  @Test
  void messageThatWouldEndExactlyAtTheEnd_startsOver_oneByteLessDoesNot() {
    reserved(RING / 2);
    assertEquals(RING / 2, reserved(RING / 2 - 1).ringOffset);
    FitHarness other = new FitHarness("fit.ring", "64 KiB", "fit.ringAck", "16 KiB");
    other.caller.peer(1).reserve(message(RING / 2));
    Rpc exact = message(RING / 2);
    other.caller.peer(1).reserve(exact);
    assertEquals(0, exact.ringOffset);
  }

  @Test
  void flowControl_stopsAMessageThatCrossesTheAcknowledgedOffset() {
    reserved(10_000);
    Rpc second = reserved(10_000); // [10,000, 20,000)
    for (long acknowledged : new long[] {0, 10_000, 20_000, 30_000}) {
      writer.acknowledged(harness.server, acknowledged);
      assertFalse(writer.isBlocked(second), acknowledged + " acknowledged");
    }
    for (long acknowledged : new long[] {10_001, 15_000, 19_999}) {
      writer.acknowledged(harness.server, acknowledged);
      assertTrue(writer.isBlocked(second), acknowledged + " acknowledged");
    }
  }

  @Test
  void writingOverWhatIsUnread_isAViolation() {
    Rpc first = reserved(RING / 2);
    writer.verifyRoom(first, reader);
    Rpc second = reserved(RING / 2); // wraps: the ring is full
    String report = assertThrows(InvariantViolation.class, () -> writer.verifyRoom(second, reader))
        .getMessage();
    assertTrue(report.contains("overran its ring"), report);
    reader.consume(first);
    writer.verifyRoom(second, reader);
  }

  @Test
  void readerTellsTheWriter_atEverySixteenKibibytes() {
    // 4,096 bytes each: the fourth makes 16 KiB.
    for (int i = 1; i <= 12; i++) {
      assertEquals(i % 4 == 0, reader.consume(reserved(4_096)), "message " + i);
    }
    // The skipped end of the ring counts as consumed: 49,152 + 16,384 ends exactly at the end.
    Rpc wrapped = reserved(16_384);
    assertEquals(32_768, wrapped.ringBytes);
    assertTrue(reader.consume(wrapped));
  }

  @Test
  void everyWriterIsResumed_whenTheReaderTellsHowFarItIs() {
    ExecutionProbe probe = new ExecutionProbe(harness.simulation);
    probe.beginWait("ring room");
    writer.block(probe);
    writer.acknowledged(harness.server, 123);
    harness.simulation.run();
    assertEquals(1, probe.resumptions);
    assertEquals(1, writer.flowControlWaits());
  }

  @Test
  void connectionsAreUsedInTurn() {
    for (int i = 0; i < 30; i++) {
      assertEquals(i % 12, writer.takeConnection());
    }
  }

  @Test
  void batchingSender_awaitsEveryTwelfthCompletion() {
    Peer batching = new FitHarness("fit.completions", "batch").caller.peer(1);
    for (int i = 1; i <= 36; i++) {
      assertEquals(i % 12 == 0, batching.awaitsCompletion(), "send " + i);
      assertTrue(writer.awaitsCompletion());
    }
  }

  @Test
  void receivesArePostedAgain_afterSixtyFourOfAConnection() {
    for (int i = 1; i <= 128; i++) {
      assertEquals(i % 64 == 0, reader.countReceive(3), "receive " + i);
    }
    assertFalse(reader.countReceive(4)); // each connection counts its own
  }

  @Test
  void acknowledgingTooSeldom_isRefused() {
    String refused = assertThrows(
            ConfigException.class,
            () -> Defaults.of(
                FitParams.class, java.util.Map.of("fit.ring", "64 KiB", "fit.ringAck", "33 KiB")))
        .getMessage();
    assertTrue(refused.contains("fit.ringAck"), refused);
  }
}
