package org.legosim.trace.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TestTraces;

/**
 * Storms replayed in random orders that their gates allow, by a plain account of what is mapped: all threads end, and no access
 * ever meets a page that is not mapped.
 */
class StormLawTest {
  private static final int SEEDS = 6;
  private static final int SCHEDULES = 5;

  @TempDir
  Path folder;

  @Test
  void mremapStorms_underTheirGates_touchMappedPagesOnly() throws Exception {
    replayAll("mremap-storm");
  }

  @Test
  void forkStorms_underTheirGates_end() throws Exception {
    replayAll("fork-storm");
  }

  @Test
  void jobs_underTheirGates_end() throws Exception {
    replayAll("mapreduce");
  }

  private void replayAll(String kind) throws Exception {
    long seed = TestTraces.seed("StormLawTest " + kind);
    for (int i = 0; i < SEEDS; i++) {
      Random random = new Random(seed + i);
      SynthOptions options = new SynthOptions(
          3000,
          seed + i,
          200,
          1 + random.nextInt(4),
          random.nextBoolean(),
          50,
          4,
          16,
          1.0,
          10,
          90,
          1,
          1 + random.nextInt(20));
      Path file = Made.file(folder, kind, options);
      try (LtraceFile trace = LtraceFile.open(file)) {
        for (int s = 0; s < SCHEDULES; s++) {
          new Replay(trace, random, kind + " seed " + (seed + i)).run();
        }
      }
      Files.delete(file);
    }
  }

  private record Call(boolean isEnter, long number, List<Long> arguments, long result) {}

  /** One record: an access at a page, or an event. */
  private record Step(long page, boolean isEvent, Call call) {}

  private static final class Replay {
    private static final Call NONE = new Call(false, -1, List.of(), 0);

    private final String what;
    private final Random random;
    private final int[] pids;
    private final List<List<Step>> steps = new ArrayList<>();
    private final GateCursor[] gates;
    private final int[] done;
    private final TreeSet<Long> mapped = new TreeSet<>();

    Replay(LtraceFile trace, Random random, String what) {
      this.what = what;
      this.random = random;
      int threads = trace.threads().size();
      pids = trace.threads().stream().mapToInt(thread -> thread.pid()).toArray();
      gates = new GateCursor[threads];
      done = new int[threads];
      for (int t = 0; t < threads; t++) {
        gates[t] = trace.gates(t, ReplayOrder.PER_ADDRESS);
        steps.add(read(trace.open(t)));
      }
      for (Mapping mapping : trace.processes().get(0).images().get(0)) {
        change(mapping.start(), mapping.end() - mapping.start(), true);
      }
    }

    private static List<Step> read(AccessSource source) {
      List<Step> all = new ArrayList<>();
      AccessBatch batch = new AccessBatch();
      List<Long> entered = List.of();
      for (int kind = source.next(batch); kind != AccessSource.END; kind = source.next(batch)) {
        if (kind == AccessSource.ACCESSES) {
          for (int i = 0; i < batch.count; i++) {
            all.add(new Step(batch.address[i] >> 12, false, NONE));
          }
          continue;
        }
        boolean isEnter = batch.eventKind == EventKind.SYSCALL_ENTER;
        boolean isCall = isEnter || batch.eventKind == EventKind.SYSCALL_RETURN;
        entered = isEnter ? Arrays.stream(batch.eventArguments).boxed().toList() : entered;
        all.add(new Step(
            0,
            true,
            isCall ? new Call(isEnter, batch.eventNumber, entered, batch.eventResult) : NONE));
      }
      source.close();
      // A call's end tells what its beginning does.
      for (int i = 0; i + 1 < all.size(); i++) {
        Call call = all.get(i).call();
        if (call.isEnter()) {
          long result = all.get(i + 1).call().result();
          all.set(i, new Step(0, true, new Call(true, call.number(), call.arguments(), result)));
        }
      }
      return all;
    }

    void run() {
      int total = steps.stream().mapToInt(List::size).sum();
      int blocked = 0;
      int favourite = 0;
      while (total > 0) {
        if (random.nextInt(50) == 0) {
          favourite = random.nextInt(pids.length);
        }
        int t = blocked == 0 && random.nextInt(5) > 0 ? favourite : random.nextInt(pids.length);
        if (mayAdvance(t)) {
          complete(t);
          total--;
          blocked = 0;
        } else {
          blocked++;
          assertTrue(blocked < 100_000, () -> what + ": no thread can go on");
        }
      }
      for (int t = 0; t < pids.length; t++) {
        assertEquals(steps.get(t).size(), done[t], what);
      }
    }

    private boolean mayAdvance(int t) {
      if (done[t] == steps.get(t).size()) {
        return false;
      }
      while (gates[t].waitRecord() == done[t]) {
        if (done[gates[t].onThread()] <= gates[t].onRecord()) {
          return false;
        }
        gates[t].advanceWait();
      }
      return true;
    }

    private void complete(int t) {
      Step step = steps.get(t).get(done[t]);
      if (step.isEvent()) {
        apply(step.call());
      } else {
        assertTrue(
            mapped.contains(step.page()),
            () -> what + ": record " + done[t] + " of thread " + t + " touches page 0x"
                + Long.toHexString(step.page()) + ", which is not mapped");
      }
      done[t]++;
    }

    /** What ends mappings does so when it begins; what makes them, when it returns. */
    private void apply(Call call) {
      List<Long> a = call.arguments();
      if (call.number() == Scene.MMAP && !call.isEnter()) {
        change(call.result(), a.get(1), true);
      } else if (call.number() == Scene.MUNMAP && call.isEnter()) {
        change(a.get(0), a.get(1), false);
      } else if (call.number() == Scene.MREMAP) {
        remap(call.isEnter(), a.get(0), a.get(1), a.get(2), call.result());
      }
    }

    /** Pages that stay where they are stay mapped all the while. */
    private void remap(boolean isEnter, long from, long oldBytes, long newBytes, long to) {
      long kept = from == to ? Math.min(oldBytes, newBytes) : 0;
      if (isEnter) {
        change(from + kept, oldBytes - kept, false);
      } else {
        change(to + kept, newBytes - kept, true);
      }
    }

    private void change(long start, long bytes, boolean isMapped) {
      for (long page = start >> 12; page < (start + bytes) >> 12; page++) {
        boolean isChanged = isMapped ? mapped.add(page) : mapped.remove(page);
        assertTrue(isChanged, what + ": a page is mapped or unmapped twice");
      }
    }
  }
}
