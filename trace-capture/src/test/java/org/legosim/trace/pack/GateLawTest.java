package org.legosim.trace.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TestTraces;

/** Random programs, replayed under their gates in random orders: all end, and nothing happens before what it needs. */
class GateLawTest {
  private static final int PROGRAMS = 150;
  private static final int SCHEDULES = 8;

  @TempDir
  Path folder;

  @Test
  void randomPrograms_underGates_endAndRespectWhatTheyNeed() {
    long seed = TestTraces.seed("GateLawTest");
    for (int i = 0; i < PROGRAMS; i++) {
      Random random = new Random(seed + i);
      Map<Integer, List<RandomProgram.Truth>> truths = new HashMap<>();
      int steps = 20 + random.nextInt(1500);
      Path file = TestTraces.capture(
          folder.resolve(i + ".ltrace"),
          writer -> truths.putAll(new RandomProgram(random, writer).run(steps)));
      try (LtraceFile trace = LtraceFile.open(file)) {
        for (ReplayOrder order : List.of(ReplayOrder.PER_ADDRESS, ReplayOrder.STRICT)) {
          for (int s = 0; s < SCHEDULES; s++) {
            new Replay(trace, order, truths, random, "seed " + (seed + i) + " " + order).run();
          }
        }
      }
    }
  }

  /** One replay: threads advance one record at a time in a random order, as their gates allow. */
  private static final class Replay {
    private final String what;
    private final Random random;
    private final List<ThreadImage> threads;
    private final GateCursor[] gates;
    private final List<List<RandomProgram.Truth>> truths = new ArrayList<>();
    private final long[] done;
    private final Map<Integer, Integer> indexOfTid = new HashMap<>();
    private final TreeSet<String> mappedPages = new TreeSet<>();

    Replay(
        LtraceFile trace,
        ReplayOrder order,
        Map<Integer, List<RandomProgram.Truth>> byTid,
        Random random,
        String what) {
      this.what = what;
      this.random = random;
      threads = trace.threads();
      gates = new GateCursor[threads.size()];
      done = new long[threads.size()];
      for (int t = 0; t < threads.size(); t++) {
        gates[t] = trace.gates(t, order);
        indexOfTid.put(threads.get(t).tid(), t);
        truths.add(byTid.get(threads.get(t).tid()));
        assertEquals(truths.get(t).size(), threads.get(t).records(), what);
      }
    }

    void run() {
      // Some threads are favoured for a while, so that they run far ahead.
      int favourite = 0;
      long left = threads.stream().mapToLong(ThreadImage::records).sum();
      int blocked = 0;
      while (left > 0) {
        if (random.nextInt(30) == 0) {
          favourite = random.nextInt(threads.size());
        }
        int t = blocked == 0 && random.nextInt(4) > 0 ? favourite : random.nextInt(threads.size());
        if (mayAdvance(t)) {
          complete(t);
          left--;
          blocked = 0;
        } else {
          blocked++;
          assertTrue(
              blocked < 2000, () -> what + ": deadlock at " + java.util.Arrays.toString(done));
        }
      }
    }

    private void fork(String parent, String child) {
      for (String key : List.copyOf(mappedPages)) {
        if (key.startsWith(parent)) {
          mappedPages.add(child + key.substring(parent.length()));
        }
      }
    }

    private boolean mayAdvance(int t) {
      if (done[t] == threads.get(t).records()) {
        return false;
      }
      while (gates[t].waitRecord() == done[t]) {
        if (done[gates[t].onThread()] <= gates[t].onRecord()) {
          return false;
        }
        gates[t].advanceWait();
      }
      assertTrue(gates[t].waitRecord() > done[t], what);
      return true;
    }

    private void complete(int t) {
      RandomProgram.Truth truth = truths.get(t).get((int) done[t]);
      for (long after : truth.after()) {
        int other = indexOfTid.get((int) (after >> 32));
        long record = after & 0xffffffffL;
        assertTrue(
            done[other] > record,
            () -> what + ": record " + done[t] + " of " + threads.get(t) + " came before record "
                + record + " of " + threads.get(other));
      }
      for (long page = truth.start() >> 12;
          page <= (truth.end() - 1) >> 12 && truth.end() > 0;
          page++) {
        String key = truth.space() + ":" + page;
        switch (truth.kind()) {
          case MAPS -> assertTrue(mappedPages.add(key), () -> what + ": mapped twice at " + truth);
          case UNMAPS ->
            assertTrue(mappedPages.remove(key), () -> what + ": unmapped twice at " + truth);
          case ACCESS, ATOMIC -> {
            assertTrue(
                mappedPages.contains(key),
                () -> what + ": record " + done[t] + " of " + threads.get(t)
                    + " touched an unmapped page: " + truth);
          }
          case PLAIN, FORKS -> {}
        }
      }
      if (truth.kind() == RandomProgram.Kind.FORKS) {
        fork(truth.space() + ":", truth.start() + ":");
      }
      while (gates[t].sourceRecord() == done[t]) {
        gates[t].advanceSource();
      }
      assertTrue(gates[t].sourceRecord() > done[t], what);
      done[t]++;
    }
  }

  @Test
  void gateSources_areExactlyTheRecordsWaitedFor() {
    Path file = TestTraces.capture(
        folder.resolve("s.ltrace"), writer -> new RandomProgram(new Random(5), writer).run(3000));
    try (LtraceFile trace = LtraceFile.open(file)) {
      for (ReplayOrder order : List.of(ReplayOrder.PER_ADDRESS, ReplayOrder.STRICT)) {
        List<TreeSet<Long>> expected = new ArrayList<>();
        List<TreeSet<Long>> actual = new ArrayList<>();
        trace.threads().forEach(thread -> {
          expected.add(new TreeSet<>());
          actual.add(new TreeSet<>());
        });
        for (int t = 0; t < expected.size(); t++) {
          for (GateCursor c = trace.gates(t, order);
              c.waitRecord() != GateCursor.NEVER;
              c.advanceWait()) {
            expected.get(c.onThread()).add(c.onRecord());
          }
          for (GateCursor c = trace.gates(t, order);
              c.sourceRecord() != GateCursor.NEVER;
              c.advanceSource()) {
            actual.get(t).add(c.sourceRecord());
          }
        }
        assertEquals(expected, actual);
      }
    }
  }

  /** Reads a thread to its end. */
  static long readAll(AccessSource source) {
    AccessBatch batch = new AccessBatch();
    long records = 0;
    for (int kind = source.next(batch); kind != AccessSource.END; kind = source.next(batch)) {
      assertEquals(records, batch.firstRecord);
      records += kind == AccessSource.EVENT ? 1 : batch.count;
    }
    return records;
  }
}
