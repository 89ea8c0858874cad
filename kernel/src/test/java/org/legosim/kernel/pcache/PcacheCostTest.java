package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the model itself costs on the host. */
class PcacheCostTest {
  private static final int FAULTS = 20_000;

  @ParameterizedTest
  @EnumSource(EvictionMechanism.class)
  void aFaultAllocatesNothing_onceWarm(EvictionMechanism mechanism) {
    PcacheHarness harness = PcacheHarness.unwatched(
        PcacheHarness.params(16, 4, ReplacementPolicy.LRU, mechanism, 8, true));
    harness.withFlushThread();
    AddressSpace a = harness.space(1);
    PcacheHarness.Cpu cpu = harness.cpu();
    harness.sent.addAll(java.util.Collections.nCopies(10_000, ""));
    cpu.loop(a, page(0), 256, 2 * FAULTS, 3);
    long[] bytes = new long[2];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    cpu.onAccess = count -> {
      if (count == FAULTS) {
        bytes[0] = threads.getCurrentThreadAllocatedBytes();
      } else if (count == 2 * FAULTS) {
        bytes[1] = threads.getCurrentThreadAllocatedBytes();
      }
    };
    harness.run();
    assertEquals(2 * FAULTS, harness.pcache.counters.pgfault);
    assertTrue(bytes[1] - bytes[0] < FAULTS, "allocated " + (bytes[1] - bytes[0]));
  }

  @Test
  void aTerabyteThatIsMappedAndNeverTouched_staysSmall() {
    PcacheHarness harness = new PcacheHarness(PcacheHarness.perSetList(16, 4));
    AddressSpace a = harness.space(1);
    long bytes = 1L << 40;
    harness.cpu().map(a, page(0), bytes / PcacheHarness.PAGE).read(a, page(12345));
    harness.run();
    assertEquals(bytes / PageTable.BYTES, a.tableCount());
    assertEquals("0 Z 1:12345 9.0", harness.events());
  }
}
