package org.legosim.trace.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** Calls of two threads that work on one mapping without ever touching its pages, by hand. */
class MappingGateTest {
  /** Thread 0 clones thread 1 (records 0 and 1), then maps or moves the break (records 2 and 3). */
  private static String trace(String first, String second) {
    return """
        legosim-text 1
        P 100 1 "two"
        M 0x1000 0x2000 rw-p 0 [heap]
        T 100
        > 1 56 0x3d0f00 0 0x500008 0x500008 0
        < 101
        """ + first + "T 101\nL 0x1000 8 1\n" + second;
  }

  /** Thread 1's record 1 enters its call. */
  private static void assertItWaitsForTheFirstCall(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
      GateCursor gates = image.gates(1, ReplayOrder.PER_ADDRESS);
      assertEquals(0, gates.waitRecord(), "the clone");
      gates.advanceWait();
      assertEquals(1, gates.waitRecord());
      assertEquals(0, gates.onThread());
      assertEquals(3, gates.onRecord());
    }
  }

  @Test
  void growthInPlace_comesAfterTheCallThatMapped() {
    assertItWaitsForTheFirstCall(trace(
        "> 1 9 0 0x2000 3 34 -1 0\n< 0x100000\n",
        "> 1 25 0x100000 0x2000 0x6000 1 0\n< 0x100000\n"));
  }

  @Test
  void aBreak_comesAfterTheOneBeforeIt() {
    assertItWaitsForTheFirstCall(trace("> 1 12 0x3000\n< 0x3000\n", "> 1 12 0x5000\n< 0x5000\n"));
  }

  @Test
  void anUnmapping_comesAfterTheCallThatMapped() {
    assertItWaitsForTheFirstCall(
        trace("> 1 9 0 0x2000 3 34 -1 0\n< 0x100000\n", "> 1 11 0x100000 0x2000\n< 0\n"));
  }
}
