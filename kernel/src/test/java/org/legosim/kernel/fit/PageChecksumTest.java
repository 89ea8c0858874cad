package org.legosim.kernel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.rpc.RpcClient;
import org.legosim.timing.InvariantViolation;

/** Checksums over pages in messages: row 22 of the diary's table. */
class PageChecksumTest {
  private static final String[] SUMS = {"off", "on"};
  private static final long NS = 1_000;

  private static long latencyPs(String sums, Opcode opcode) {
    FitHarness harness = new FitHarness("fit.pageChecksum", sums, "fit.costs.pageChecksum", "1 us");
    RpcClient client = harness.client().then(r -> r.prepare(opcode, 1));
    harness.run();
    return client.last().latencyPs();
  }

  /** A reply is signed by the server and compared by the caller; a request only signed here. */
  @Test
  void pagesPayAtTheirEnds_otherMessagesNothing() {
    long miss = latencyPs("on", Opcode.PCACHE_MISS) - latencyPs("off", Opcode.PCACHE_MISS);
    assertTrue(miss >= 2_000 * NS && miss < 2_020 * NS, miss + " ps");
    long flush = latencyPs("on", Opcode.PCACHE_FLUSH) - latencyPs("off", Opcode.PCACHE_FLUSH);
    assertTrue(flush >= 1_000 * NS && flush < 1_020 * NS, flush + " ps");
    assertEquals(latencyPs("off", Opcode.MUNMAP), latencyPs("on", Opcode.MUNMAP));
  }

  @Test
  void messagesGrowByFourBytesForEachPage() {
    long[] sent = new long[2];
    for (int i = 0; i < 2; i++) {
      FitHarness harness = new FitHarness("fit.pageChecksum", SUMS[i]);
      harness.client().then(r -> r.prepare(Opcode.PCACHE_MISS, 1)).then(r -> {
        r.prepare(Opcode.PCACHE_FLUSH, 1);
        r.requestBytes += 15 * 4096;
      });
      harness.run();
      sent[i] =
          harness.fit.nodes().stream().mapToLong(n -> n.counters().sentBytes()).sum();
    }
    assertEquals(17 * PageChecksum.BYTES_PER_PAGE, sent[1] - sent[0]);
  }

  @Test
  void requestThatArrivesChanged_endsTheRun_orIsWarnedOfOnce() {
    FitHarness harness = new FitHarness("fit.pageChecksum", "on");
    RpcClient receiver = harness.client();
    for (boolean stops : new boolean[] {true, false}) {
      PageChecksum checksum = new PageChecksum(true, harness.fit.copy, stops);
      Request flush = new Request().prepare(Opcode.PCACHE_FLUSH, 1);
      flush.flushContent = 5;
      flush.tgid = 7;
      flush.address = 0x1000;
      checksum.sign(flush);
      checksum.verify(flush, receiver);
      assertEquals(0, checksum.mismatches());
      flush.flushContent ^= 1L << 40;
      if (stops) {
        String report = assertThrows(
                InvariantViolation.class, () -> checksum.verify(flush, receiver))
            .getMessage();
        assertTrue(report.contains("page checksum: the page of 0x1000 of process 7"), report);
      } else {
        checksum.verify(flush, receiver);
        checksum.verify(flush, receiver);
        assertEquals(2, checksum.mismatches());
        assertEquals(1, checksum.warnings().size());
      }
    }
  }
}
