package org.legosim.trace.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.MeaningCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** Locks, and what is none, by hand. In all traces thread 0 makes thread 1 by its records 0 and 1. */
class MeaningTest {
  private static final String BEGIN = """
      legosim-text 1
      P 100 1 "turns"
      M 0x1000 0x3000 rw-p 0 [heap]
      T 100
      > 1 56 0x50f00 0 0 0 0
      < 101
      """;

  private static final String LOCK = "A 0x1000 4 1 @0x400100\n";
  private static final String SLOW = "A 0x1000 4 1 @0x400110\n";
  private static final String UNLOCK = "A 0x1000 4 1 @0x400200\n";
  private static final String WORK = "S 0x2000 8 1 @0x400300\n";
  private static final String COUNT = "A 0x2100 8 1 @0x400400\n";
  private static final String WAIT = "> 1 202 0x1000 128 2 0 0 0\n";
  private static final String WAKE = "> 1 202 0x1000 129 1 0 0 0\n";
  private static final String DONE = "< 0\n";
  private static final String FIRST = "T 100\n";
  private static final String SECOND = "T 101\n";

  private static void look(String body, List<String> first, List<String> second, int gates) {
    byte[] bytes = (BEGIN + body).getBytes(StandardCharsets.US_ASCII);
    try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
      assertEquals(first, meanings(image, 0));
      assertEquals(second, meanings(image, 1));
      assertEquals(gates, countGates(image, 0) + countGates(image, 1), "gates besides the clone");
    }
  }

  private static List<String> meanings(TraceImage image, int thread) {
    List<String> found = new ArrayList<>();
    MeaningCursor meanings = image.meanings(thread, ReplayOrder.SEMANTIC);
    while (meanings.record() != MeaningCursor.NEVER) {
      found.add((meanings.acquires() ? "get " : "give ") + (meanings.spins() ? "spin " : "")
          + meanings.record() + "-" + meanings.endRecord());
      meanings.advance();
    }
    return found;
  }

  private static int countGates(TraceImage image, int thread) {
    GateCursor gates = image.gates(thread, ReplayOrder.SEMANTIC);
    int count = 0;
    while (gates.waitRecord() != GateCursor.NEVER) {
      count += gates.onThread() == 0 && gates.onRecord() == 0 ? 0 : 1;
      gates.advanceWait();
    }
    return count;
  }

  @Test
  void turns_areALock_withoutGates() {
    look(
        LOCK + WORK + UNLOCK + SECOND + LOCK + WORK + UNLOCK,
        List.of("get 2-2", "give 4-4"),
        List.of("get 0-0", "give 2-2"),
        0);
  }

  /** Thread 1 asks twice, waits, is woken and asks once more: its records 0 to 4. */
  @Test
  void aWait_andItsWake_belongToTheLock() {
    look(
        LOCK + SECOND + LOCK + SLOW + WAIT + FIRST + WORK + UNLOCK + WAKE + "< 1\n" + SECOND + DONE
            + SLOW + WORK + UNLOCK,
        List.of("get 2-2", "give 4-6"),
        List.of("get 0-4", "give 6-6"),
        0);
  }

  @Test
  void oneInstruction_thatAsksAndGives_isACounter() {
    look(COUNT + SECOND + COUNT + FIRST + COUNT, List.of(), List.of(), 2);
  }

  /** What a thread does that only tried must not be left out. */
  @Test
  void aTry_keepsItsGates() {
    look(
        LOCK + SECOND + LOCK + COUNT + FIRST + UNLOCK + SECOND + LOCK + UNLOCK,
        List.of(),
        List.of(),
        3);
  }

  /** Holding the lock, thread 0 waits for what thread 1 did meanwhile: who has the lock first is not free. */
  @Test
  void aLock_heldWhileTheOtherActs_keepsItsGates() {
    look(
        LOCK + SECOND + COUNT + FIRST + COUNT + UNLOCK + SECOND + LOCK + UNLOCK,
        List.of(),
        List.of(),
        2);
  }

  /** What thread 1 needs before it may use the counter, it needs before it asks for the lock. */
  @Test
  void aGate_withinALock_standsBeforeIt() {
    byte[] bytes = (BEGIN + LOCK + COUNT + UNLOCK + SECOND + WORK + LOCK + WORK + COUNT + UNLOCK)
        .getBytes(StandardCharsets.US_ASCII);
    try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
      GateCursor gates = image.gates(1, ReplayOrder.SEMANTIC);
      gates.advanceWait();
      assertEquals(1, gates.waitRecord(), "its LOCK");
      assertEquals(3, gates.onRecord(), "the other's COUNT");
    }
  }

  @Test
  void aSpinLock_isGivenUpByAPlainStore() {
    String ask = "A 0x1000 4 1 @0x400100\n";
    String look = "L 0x1000 4 2 @0x400108\n";
    String give = "S 0x1000 4 1 @0x400200\n";
    look(
        ask + SECOND + ask + look + FIRST + WORK + give + COUNT + SECOND + ask + WORK + give
            + "! exit\n",
        List.of("get spin 2-2", "give spin 4-4"),
        List.of("get spin 0-2", "give spin 4-4"),
        0);
  }

  /** A barrier for two, the second of whom wakes the first: it must come after it, and the first leaves after that. */
  @Test
  void aBarrier_isPassed_whenAllHaveCome() {
    String arrive = "A 0x1000 4 1 @0x400100\n";
    String open = "A 0x1004 4 1 @0x400110\n";
    String leave = "A 0x1010 4 1 @0x400120\n";
    look(
        arrive + "> 1 202 0x1004 128 0 0 0 0\n" + SECOND + arrive + open
            + "> 1 202 0x1004 129 2147483647 0 0 0\n< 1\n" + leave + FIRST + DONE + leave,
        List.of(),
        List.of(),
        2);
  }

  @Test
  void withoutInstructionAddresses_nothingIsRecognised() {
    String ask = "A 0x1000 4 1\n";
    look(ask + WORK + ask + SECOND + ask + WORK + ask, List.of(), List.of(), 1);
  }
}
