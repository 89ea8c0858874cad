package org.legosim.kernel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.RpcClient;
import org.legosim.timing.InvariantViolation;

/** Calls between two nodes: slots, time-outs, completions, polling threads, acknowledgements. */
class FitScriptTest {
  private static final long SECOND_PS = 1_000_000_000_000L;

  private static void echoes(RpcClient client, int count, int requestBytes) {
    for (int i = 0; i < count; i++) {
      client.echo(requestBytes, 4);
    }
  }

  @Test
  void callsOfOneNode_takeTheConnectionsInTurn() {
    FitHarness harness = new FitHarness();
    echoes(harness.client(), 13, 32);
    harness.run();
    assertEquals(
        IntStream.range(0, 13).map(i -> i % 12).boxed().toList(), harness.server.connections);
  }

  @Test
  void replySlots_areFreeAgainAtTheEnd_andOneMoreCallThanSlotsIsAViolation() {
    FitHarness enough = new FitHarness("fit.replySlots", "3");
    for (int i = 0; i < 3; i++) {
      echoes(enough.client(), 5, 32);
    }
    enough.run();
    assertEquals(15, enough.caller.counters().sendReplies());

    FitHarness short1 = new FitHarness("fit.replySlots", "2");
    for (int i = 0; i < 3; i++) {
      echoes(short1.client(), 1, 32);
    }
    String report = assertThrows(InvariantViolation.class, short1::run).getMessage();
    assertTrue(report.contains("no free reply slot"), report);
  }

  @Test
  void replyAtTheLimit_isTaken_aMicrosecondLaterTheCallerHasGone() {
    for (boolean late : new boolean[] {false, true}) {
      FitHarness harness = new FitHarness();
      RpcClient client = harness.client().echo(32, 4);
      // An undisturbed call takes about 4 us, so the reply is there a little before or after 30 s.
      harness.server.delayPs = 30 * SECOND_PS + (late ? 1_000_000 : -10_000_000);
      harness.run();
      assertEquals(late ? FitNode.ETIMEDOUT : 0, client.last().status());
      assertEquals(late ? 1 : 0, harness.caller.counters().timeouts());
      assertEquals(late ? 1 : 0, harness.caller.counters().lateReplies());
      assertEquals(0, harness.caller.leakedSlots());
      assertEquals(late ? 0 : 1, harness.caller.counters().latency().count());
    }
  }

  @Test
  void callerGivesUp_thirtySecondsAfterTheDoorbell_anExecAfterSixty() {
    FitCosts costs = org.legosim.kernel.Defaults.of(FitCosts.class);
    long toDoorbellPs =
        costs.reserve().value() + costs.slot().value() + costs.post().value();
    for (Opcode opcode : List.of(Opcode.TEST, Opcode.EXECVE)) {
      FitHarness harness = new FitHarness();
      harness.server.delayPs = 100 * SECOND_PS;
      RpcClient client = harness.client().then(r -> r.prepare(opcode, 1));
      harness.run();
      long limitPs = (opcode == Opcode.EXECVE ? 60 : 30) * SECOND_PS;
      assertEquals(toDoorbellPs + limitPs, client.last().latencyPs(), opcode.name());
    }
  }

  @Test
  void f22_slotsOfCallsThatTimedOut_runOut() {
    FitHarness harness = new FitHarness(
        FitDefects.of(List.of("F-22")), "fit.replySlots", "2", "fit.timeout", "1 ms");
    harness.server.delayPs = SECOND_PS;
    echoes(harness.client(), 3, 32);
    String report = assertThrows(InvariantViolation.class, harness::run).getMessage();
    assertTrue(report.contains("2 slots leaked"), report);
  }

  /** F-22: the late reply to the first call is taken for that to the second, which is served later. */
  @Test
  void f22_lateReply_endsTheCallersNextCall_withWhatItsBufferHeld() {
    for (boolean isBroken : new boolean[] {false, true}) {
      FitDefects defects = isBroken ? FitDefects.of(List.of("F-22")) : FitDefects.NONE;
      FitHarness harness = new FitHarness(defects, "fit.timeout", "1 ms");
      harness.server.delayPs = SECOND_PS / 1000 * 3 / 2;
      RpcClient client = harness.client().echo(32, 4).then(r -> {
        r.prepare(Opcode.TEST, 1);
        r.bufferContent = 7;
        r.content = 9;
      });
      harness.run();
      assertEquals(FitNode.ETIMEDOUT, client.outcomes.get(0).status());
      RpcClient.Outcome second = client.outcomes.get(1);
      assertEquals(isBroken ? 0 : FitNode.ETIMEDOUT, second.status());
      long halfMsPs = SECOND_PS / 2000;
      assertTrue(
          Math.abs(second.latencyPs() - (isBroken ? halfMsPs : 2 * halfMsPs)) < 10_000_000,
          second.latencyPs() + " ps");
      assertEquals(isBroken ? 7 : 9, client.request.content);
      assertEquals(isBroken ? 1 : 0, harness.caller.leakedSlots());
      assertEquals(2, harness.caller.counters().lateReplies());
    }
  }

  /** The reply is never delivered: 30 s, or 60 s for exec, and the slot stays taken. */
  @Test
  void lostReply_isATimeOut_andALeakedSlot() {
    for (Opcode opcode : new Opcode[] {Opcode.TEST, Opcode.EXECVE}) {
      FitHarness harness =
          new FitHarness("failures", "[M0 unreachable 3 us..100 s]", "fit.replySlots", "2");
      harness.server.delayPs = 3_000_000;
      RpcClient client = harness.client();
      client.then(r -> r.prepare(opcode, 1));
      client.at(150 * SECOND_PS, r -> r.prepare(Opcode.TEST, 1));
      harness.run();
      assertEquals(FitNode.ETIMEDOUT, client.outcomes.get(0).status());
      long limitPs = (opcode == Opcode.EXECVE ? 60 : 30) * SECOND_PS;
      long latePs = client.outcomes.get(0).latencyPs() - limitPs;
      assertTrue(latePs >= 0 && latePs < 1_000_000, latePs + " ps after the limit");
      assertEquals(0, client.outcomes.get(1).status());
      assertEquals(1, harness.caller.leakedSlots());
      assertEquals(1, harness.fit.lostMessages());
      assertEquals(0, harness.caller.counters().lateReplies());
    }
  }

  /** The adapter sends again after 8.6 s: nobody notices but by the time. */
  @Test
  void shortOutage_isAMatterOfTheAdapter() {
    FitHarness harness = new FitHarness("failures", "[P0 cut-from M0 0 us..5 s]");
    RpcClient client = harness.client().echo(32, 4);
    harness.run();
    long againPs = 4_096_000L << 21;
    assertEquals(0, client.last().status());
    long restPs = client.last().latencyPs() - againPs;
    assertTrue(restPs > 3_000_000 && restPs < 6_000_000, restPs + " ps");
    assertEquals(0, harness.fit.lostMessages());
    assertTrue(harness.fit.failureReport().get(1).contains("sent again 1 times"));
  }

  @Test
  void stalledPollingThread_looksWhenItGoesOn() {
    FitHarness harness = new FitHarness("failures", "[M0 stalled 1 us..50 us]");
    RpcClient client = harness.client().echo(32, 4).echo(32, 4);
    harness.run();
    long firstPs = client.outcomes.get(0).endPs();
    assertTrue(firstPs > 50_000_000 && firstPs < 55_000_000, firstPs + " ps");
    assertTrue(client.outcomes.get(1).latencyPs() < 6_000_000);
  }

  @Test
  void serverWaitsForEachCompletion_orForEveryTwelfth() {
    long[] idlePs = new long[2];
    for (int i = 0; i < 2; i++) {
      FitHarness harness = new FitHarness("fit.completions", i == 0 ? "each" : "batch");
      RpcClient client = harness.client();
      echoes(client, 11, 32);
      harness.run();
      // From the doorbell of the reply, which is a post after its request came, to the next poll.
      FitCosts costs = org.legosim.kernel.Defaults.of(FitCosts.class);
      idlePs[i] = harness.server.repliedPs.get(5)
          - harness.server.arrivalsPs.get(5)
          - costs.post().value();
    }
    assertEquals(0, idlePs[1]);
    // The published gain of polling in batches is about 600 ns per reply.
    assertTrue(idlePs[0] > 400_000 && idlePs[0] < 2_500_000, idlePs[0] + " ps");
  }

  @Test
  void reader_acknowledgesEveryHalfMebibyte() {
    FitHarness harness = new FitHarness();
    // 4,096 + 32 bytes each: 512 KiB are full at the 128th (528,384 bytes), again at the 255th.
    echoes(harness.client(), 255, 4_096);
    harness.run();
    assertEquals(255L * 4_128 / (128 * 4_128), harness.fit.node(1).counters().ringAcks());
    FitHarness more = new FitHarness();
    echoes(more.client(), 256, 4_096);
    more.run();
    assertEquals(2, more.fit.node(1).counters().ringAcks());
    assertEquals(256L * (4_096 + 32) + 256 * 4, sentBytes(more));
  }

  private static long sentBytes(FitHarness harness) {
    return harness.caller.counters().sentBytes()
        + harness.fit.node(1).counters().sentBytes();
  }

  @Test
  void messagesOfAMebibyte_wrapTheRing() {
    FitHarness harness = new FitHarness();
    for (int i = 0; i < 3; i++) {
      echoes(harness.client(), 8, 1 << 20);
    }
    harness.run();
    assertEquals(24, harness.server.arrivalsPs.size());
    assertEquals(0, harness.fit.inFlight());
  }

  @Test
  void flowControl_doesNotSeeTheFirstLap() {
    // Nothing was acknowledged yet, so the rule that guards a message's own room lets the fifth
    // mebibyte over the first, which is still on its way.
    FitHarness harness = new FitHarness();
    for (int i = 0; i < 5; i++) {
      echoes(harness.client(), 1, 1 << 20);
    }
    String report = assertThrows(InvariantViolation.class, harness::run).getMessage();
    assertTrue(report.contains("overran its ring"), report);
  }

  @Test
  void oneWaySend_takesNoSlot_andLeavesTheRequestToItsOwner() {
    FitHarness harness = new FitHarness("fit.replySlots", "1");
    RpcClient client = harness.client();
    client.thenOneWay(r -> r.prepare(Opcode.PCACHE_ZEROFILL, 1));
    client.thenOneWay(r -> r.prepare(Opcode.PCACHE_ZEROFILL, 1));
    echoes(client, 1, 32);
    harness.run();
    assertEquals(2, harness.caller.counters().sends());
    assertEquals(1, harness.caller.counters().sendReplies());
    assertEquals(2 * (40L + 32) + 32 + 32 + 4, sentBytes(harness));
  }

  @Test
  void sequentialCalls_areOneAfterTheOther() {
    long[] meanPs = new long[2];
    for (int i = 0; i < 2; i++) {
      FitHarness harness = new FitHarness("fit.sequential", i == 0 ? "false" : "true");
      harness.server.delayPs = 3_000_000;
      RpcClient first = harness.client().echo(32, 4);
      RpcClient second = harness.client().echo(32, 4);
      harness.run();
      meanPs[i] = second.last().latencyPs();
      if (i == 1) {
        // The second call begins its own when the first has returned.
        assertEquals(2 * first.last().latencyPs(), second.last().latencyPs());
      }
    }
    assertTrue(meanPs[0] < meanPs[1], meanPs[0] + " " + meanPs[1]);
  }

  /** The lock is around calls; a one-way send does not ask for it. */
  @Test
  void sequentialCalls_letOneWaySendsPass() {
    FitHarness harness = new FitHarness("fit.sequential", "true");
    harness.server.delayPs = 3_000_000;
    RpcClient call = harness.client().echo(32, 4);
    RpcClient send = harness.client().thenOneWay(r -> r.prepare(Opcode.PCACHE_ZEROFILL, 1));
    harness.run();
    assertTrue(send.last().endPs() < call.last().endPs());
    assertTrue(send.last().latencyPs() < call.last().latencyPs() - 3_000_000);
  }

  @Test
  void twoPollingThreads_shareTheConnections() {
    long[] lastPs = new long[2];
    for (int i = 0; i < 2; i++) {
      FitHarness harness =
          new FitHarness("fit.pollThreads", String.valueOf(i + 1), "fit.costs.dispatch", "5 us");
      for (int client = 0; client < 2; client++) {
        echoes(harness.client(), 1, 32);
      }
      harness.run();
      assertEquals(List.of(0, 1), harness.server.connections.stream().sorted().toList());
      lastPs[i] = harness.server.arrivalsPs.get(1) - harness.server.arrivalsPs.get(0);
    }
    // One thread polls again and hands the second request on 5.05 us after the first; two threads
    // do
    // it side by side.
    assertEquals(5_050_000, lastPs[0]);
    assertTrue(lastPs[1] < 1_000_000, lastPs[1] + " ps");
  }
}
