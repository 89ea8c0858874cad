package org.legosim.trace.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.MeaningCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.TestTraces;
import org.legosim.trace.Traces;

/**
 * Random programs with nested mutexes, spin locks and counters, replayed by meaning in random orders: every thread gets to its end,
 * whoever gets the locks first.
 */
class MeaningLawTest {
  private static final int PROGRAMS = 200;
  private static final int SCHEDULES = 6;
  private static final int STUCK = 3000;

  @Test
  void randomPrograms_byMeaning_end() {
    long seed = TestTraces.seed("MeaningLawTest");
    long meanings = 0;
    long refused = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      Random random = new Random(seed + i);
      String text = new Program(random).run(30 + random.nextInt(600));
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      try (TraceImage image = Traces.openStream(new ByteArrayInputStream(bytes))) {
        for (int s = 0; s < SCHEDULES; s++) {
          long found = new Replay(image, random, "seed " + (seed + i)).run();
          meanings += found;
          refused += found == 0 ? 1 : 0;
        }
      }
    }
    assertTrue(meanings > 50_000, "locks are found: " + meanings);
    assertTrue(refused < PROGRAMS * SCHEDULES / 4, "most programs have locks: " + refused);
  }

  /** Writes a program's trace while it runs it, one step of a random thread after the other. */
  private static final class Program {
    private static final int LOCKS = 4;
    private static final int SPIN = 3;
    private static final int FREE = -1;

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final int threads;
    private final int[] owner = new int[LOCKS];
    private final boolean[] contended = new boolean[LOCKS];
    private final int[][] held;
    private final int[] depth;
    private final int[] asking;
    private final boolean[] asleep;
    private int last = FREE;

    Program(Random random) {
      this.random = random;
      threads = 2 + random.nextInt(4);
      held = new int[threads][LOCKS];
      depth = new int[threads];
      asking = new int[threads];
      asleep = new boolean[threads];
      Arrays.fill(owner, FREE);
      Arrays.fill(asking, FREE);
    }

    String run(int steps) {
      text.append("legosim-text 1\nP 100 1 \"p\"\nM 0x1000 0x9000 rw-p 0 [heap]\nT 100\n");
      for (int t = 1; t < threads; t++) {
        text.append("> 1 56 0x50f00 0 0 0 0\n< ").append(100 + t).append('\n');
      }
      last = 0;
      for (int i = 0; i < steps; i++) {
        step(random.nextInt(threads), random.nextInt(10));
      }
      // everybody comes out of its locks
      for (int rounds = 0; rounds < 1000; rounds++) {
        step(random.nextInt(threads), 9);
      }
      for (int t = 0; t < threads; t++) {
        assertEquals(0, depth[t], "the generator itself is stuck");
      }
      return text.toString();
    }

    private void put(int thread, String line) {
      if (thread != last) {
        text.append("T ").append(100 + thread).append('\n');
        last = thread;
      }
      text.append(line).append('\n');
    }

    private void step(int thread, int choice) {
      if (asleep[thread]) {
        return;
      }
      if (asking[thread] != FREE) {
        ask(thread, asking[thread], false);
      } else if (choice < 3) {
        int lowest = depth[thread] == 0 ? 0 : held[thread][depth[thread] - 1] + 1;
        if (lowest < LOCKS) {
          ask(thread, lowest + random.nextInt(LOCKS - lowest), true);
        }
      } else if (choice < 6) {
        put(thread, "S " + hex(0x4000 + 8 * random.nextInt(64)) + " 8 1 @0x400300");
      } else if (choice < 7 && depth[thread] == 0) {
        put(thread, "A " + hex(0x6000 + 64 * random.nextInt(3)) + " 8 1 @0x400310");
      } else if (depth[thread] > 0) {
        give(thread, held[thread][--depth[thread]]);
      }
    }

    private void ask(int thread, int lock, boolean isFirst) {
      boolean isFree = owner[lock] == FREE;
      put(
          thread,
          "A " + address(lock) + " 4 1 @" + (isFirst || lock == SPIN ? "0x400100" : "0x400110"));
      if (isFree) {
        owner[lock] = thread;
        contended[lock] |= !isFirst && lock != SPIN;
        held[thread][depth[thread]++] = lock;
        asking[thread] = FREE;
        return;
      }
      asking[thread] = lock;
      if (lock == SPIN) {
        put(thread, "L " + address(lock) + " 4 2 @0x400104");
      } else if (!isFirst) {
        contended[lock] = true;
        put(thread, "> 1 202 " + address(lock) + " 128 2 0 0 0");
        asleep[thread] = true;
      }
    }

    private void give(int thread, int lock) {
      owner[lock] = FREE;
      if (lock == SPIN) {
        put(thread, "S " + address(lock) + " 4 1 @0x400208");
        // a place in the global order right behind the store
        put(thread, "> 1 39\n< 100");
        return;
      }
      put(thread, "A " + address(lock) + " 4 1 @0x400200");
      if (!contended[lock]) {
        return;
      }
      contended[lock] = false;
      put(thread, "> 1 202 " + address(lock) + " 129 1 0 0 0");
      int woken = FREE;
      for (int t = 0; t < threads; t++) {
        if (asleep[t] && asking[t] == lock) {
          woken = t;
          break;
        }
      }
      put(thread, "< " + (woken == FREE ? 0 : 1));
      if (woken != FREE) {
        asleep[woken] = false;
        put(woken, "< 0");
      }
    }

    private static String address(int lock) {
      return hex(0x2000 + 256 * lock);
    }

    private static String hex(int number) {
      return "0x" + Integer.toHexString(number);
    }
  }

  /** One replay: threads advance in a random order, as their gates and the locks allow. */
  private static final class Replay {
    private final String what;
    private final Random random;
    private final long[] records;
    private final long[] done;
    private final GateCursor[] gates;
    private final MeaningCursor[] meanings;
    private final Map<Integer, Integer> owners = new HashMap<>();
    private long found;

    Replay(TraceImage image, Random random, String what) {
      this.what = what;
      this.random = random;
      int threads = image.threads().size();
      records = new long[threads];
      done = new long[threads];
      gates = new GateCursor[threads];
      meanings = new MeaningCursor[threads];
      for (int t = 0; t < threads; t++) {
        records[t] = image.threads().get(t).records();
        gates[t] = image.gates(t, ReplayOrder.SEMANTIC);
        meanings[t] = image.meanings(t, ReplayOrder.SEMANTIC);
      }
    }

    long run() {
      int favourite = 0;
      int stuck = 0;
      while (!Arrays.equals(done, records)) {
        favourite = random.nextInt(30) == 0 ? random.nextInt(records.length) : favourite;
        boolean isFavoured = stuck == 0 && random.nextInt(4) > 0;
        int t = isFavoured ? favourite : random.nextInt(records.length);
        stuck = advance(t) ? 0 : stuck + 1;
        assertTrue(stuck < STUCK, () -> what + ": deadlock at " + Arrays.toString(done));
      }
      return found;
    }

    private boolean advance(int t) {
      if (done[t] == records[t]) {
        return false;
      }
      while (gates[t].waitRecord() <= done[t]) {
        if (done[gates[t].onThread()] <= gates[t].onRecord()) {
          return false;
        }
        gates[t].advanceWait();
      }
      MeaningCursor meaning = meanings[t];
      if (meaning.record() != done[t]) {
        done[t]++;
        return true;
      }
      if (meaning.acquires()) {
        if (owners.containsKey(meaning.lock())) {
          return false;
        }
        owners.put(meaning.lock(), t);
      } else {
        assertEquals(t, owners.remove(meaning.lock()), what);
      }
      done[t] = meaning.endRecord() + 1;
      found++;
      meaning.advance();
      return true;
    }
  }
}
