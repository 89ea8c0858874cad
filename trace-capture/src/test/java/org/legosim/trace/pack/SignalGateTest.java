package org.legosim.trace.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** What signals wait for, by hand: thread 0 is a parent, thread 1 its child, made by record 0. */
class SignalGateTest {
  private static final String BORN = """
      legosim-text 1
      P 100 1 "parent"
      M 0x1000 0x2000 rw-p 0 [heap]
      T 100
      > 1 57
      < 101
      P 101 100 "child"
      T 101
      L 0x1000 8 1
      """;

  /** Gates of a thread, as {@code record<thread:record}. */
  private static String gates(String text, int thread) {
    byte[] bytes = (BORN + text).getBytes(StandardCharsets.US_ASCII);
    try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
      StringBuilder out = new StringBuilder();
      GateCursor gates = image.gates(thread, ReplayOrder.PER_ADDRESS);
      while (gates.waitRecord() != Long.MAX_VALUE) {
        out.append(gates.waitRecord()).append('<').append(gates.onThread());
        out.append(':').append(gates.onRecord()).append(' ');
        gates.advanceWait();
      }
      return out.toString().trim();
    }
  }

  @Test
  void aHandlerWaitsForItsSender() {
    String text = "P 100\nT 100\n> 1 62 101 10\n< 0\nP 101\nT 101\nL 0x1000 8 1\n! signal 10\n";
    assertEquals("0<0:0 2<0:2", gates(text, 1));
  }

  /** The return that the signal caused waits, so that the call lasts until it is sent. */
  @Test
  void anInterruptedCallWaitsForTheSender() {
    String text =
        "> 1 34\nP 100\nT 100\n> 1 234 101 101 10\n< 0\nP 101\nT 101\n< -4\n! signal 10\n";
    assertEquals("0<0:0 2<0:2", gates(text, 1));
  }

  /** The signal came before the return, but was sent again after it: only the handler waits for that. */
  @Test
  void aSenderAfterTheReturnHoldsTheHandlerAlone() {
    String text = "> 1 34\n< -4\nP 100\nT 100\n> 1 62 101 10\n< 0\nP 101\nT 101\n! signal 10\n";
    assertEquals("0<0:0 3<0:2", gates(text, 1));
  }

  @Test
  void aSynchronousWaitTakesWhatWasSent() {
    String text = "> 1 128 0x1000 0 0 8\nP 100\nT 100\n> 1 62 101 12\n< 0\nP 101\nT 101\n< 12\n";
    assertEquals("0<0:0 2<0:2", gates(text, 1));
  }

  @Test
  void aChildsEndSendsItsParentASignal() {
    String text = "> 1 231 0\n! exit\nP 100\nT 100\nL 0x1000 8 1\n! signal 17\n";
    assertEquals("3<1:2", gates(text, 0));
  }

  @Test
  void whoEndsWithoutACallWasKilled() {
    String text = "> 1 34\nP 100\nT 100\n> 1 62 101 15\n< 0\nP 101\nT 101\n! exit\n";
    assertEquals("0<0:0 2<0:2", gates(text, 1));
  }

  @Test
  void aThreadThatExitGroupKillsEndsAfterIt() {
    String text = """
        > 1 56 0x50f00 0 0 0 0
        < 102
        T 102
        > 1 34
        T 101
        > 1 231 0
        ! exit
        T 102
        ! exit
        """;
    assertEquals("0<1:1 1<1:3", gates(text, 2));
  }
}
