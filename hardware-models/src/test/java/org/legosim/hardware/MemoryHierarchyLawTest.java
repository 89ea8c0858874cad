package org.legosim.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.timing.Frequency;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.AccessKind;

/** Random accesses of two CPUs against plain lists; and no store is ever lost. */
class MemoryHierarchyLawTest {
  private static final long MEMORY_BYTES = 1L << 30;

  /** One set-associative level as lists of lines, newest first, and a set of dirty lines. */
  private static final class PlainLevel {
    final List<List<Long>> sets = new ArrayList<>();
    final TreeSet<Long> dirty = new TreeSet<>();
    final int ways;

    PlainLevel(int setCount, int ways) {
      this.ways = ways;
      for (int i = 0; i < setCount; i++) {
        sets.add(new ArrayList<>());
      }
    }

    boolean access(long line) {
      List<Long> set = sets.get((int) (line % sets.size()));
      if (!set.remove(line)) {
        return false;
      }
      set.add(0, line);
      return true;
    }

    boolean holds(long line) {
      return sets.get((int) (line % sets.size())).contains(line);
    }

    /** The dirty line that had to leave, or -1. */
    long fill(long line) {
      List<Long> set = sets.get((int) (line % sets.size()));
      long victim = set.size() == ways ? set.remove(ways - 1) : -1;
      set.add(0, line);
      return victim >= 0 && dirty.remove(victim) ? victim : -1;
    }
  }

  private static final class PlainMemory {
    final PlainLevel[] first = {new PlainLevel(2, 2), new PlainLevel(2, 2)};
    final PlainLevel[] second = {new PlainLevel(2, 4), new PlainLevel(2, 4)};
    final PlainLevel last = new PlainLevel(4, 4);
    final List<List<Long>> leaving = List.of(new ArrayList<>(), new ArrayList<>());
    long reads;
    long writes;

    int access(int cpu, long line, boolean isWrite) {
      int served;
      if (first[cpu].access(line)) {
        served = MemoryHierarchy.L1;
      } else if (leaving.get(cpu).size() < 16 && second[cpu].access(line)) {
        served = MemoryHierarchy.L2;
        fillFirst(cpu, line);
      } else {
        drain(cpu);
        served = fetch(cpu, line);
        fillFirst(cpu, line);
        drain(cpu);
      }
      if (isWrite) {
        first[cpu].dirty.add(line);
      }
      return served;
    }

    private int fetch(int cpu, long line) {
      if (second[cpu].access(line)) {
        return MemoryHierarchy.L2;
      }
      boolean isHit = last.access(line);
      if (!isHit) {
        reads++;
        writes += last.fill(line) >= 0 ? 1 : 0;
      }
      leave(cpu, second[cpu].fill(line));
      return isHit ? MemoryHierarchy.LLC : MemoryHierarchy.DRAM;
    }

    private void fillFirst(int cpu, long line) {
      long victim = first[cpu].fill(line);
      if (victim < 0) {
        return;
      }
      if (!second[cpu].holds(victim)) {
        leave(cpu, second[cpu].fill(victim));
      }
      second[cpu].dirty.add(victim);
    }

    private void leave(int cpu, long victim) {
      if (victim >= 0) {
        leaving.get(cpu).add(victim);
      }
    }

    private void drain(int cpu) {
      for (long line : leaving.get(cpu)) {
        if (!last.holds(line)) {
          writes += last.fill(line) >= 0 ? 1 : 0;
        }
        last.dirty.add(line);
      }
      leaving.get(cpu).clear();
    }
  }

  @Test
  void randomAccesses_equalThePlainMemory() {
    CachesParams params = Defaults.of(
        CachesParams.class,
        "caches.l1d.size=256 B",
        "caches.l1d.ways=2",
        "caches.l2.size=512 B",
        "caches.l2.ways=4",
        "caches.llc.size=1 KiB",
        "caches.llc.ways=4",
        "caches.llc.slices=1");
    for (long seed : Seeds.first(50)) {
      compare(params, seed);
    }
  }

  private static void compare(CachesParams params, long seed) {
    Simulation simulation = new Simulation(seed);
    Frequency core = new Frequency(2_400_000_000L);
    SocketMemory socket = new SocketMemory(
        simulation,
        "socket",
        params,
        core,
        Defaults.of(ProcessorDramParams.class).config(),
        MEMORY_BYTES);
    MemoryHierarchy[] cpus = new MemoryHierarchy[2];
    for (int cpu = 0; cpu < 2; cpu++) {
      cpus[cpu] = new MemoryHierarchy(simulation, "cpu" + cpu, params, core, socket, MEMORY_BYTES);
    }
    PlainMemory plain = new PlainMemory();
    RandomStream random = Seeds.stream(seed, "accesses");
    int lines = 6 + random.nextInt(60);
    for (int step = 0; step < 4_000; step++) {
      int cpu = random.nextInt(2);
      long line = random.nextInt(lines);
      boolean isWrite = random.nextInt(2) == 0;
      int kind = isWrite ? AccessKind.STORE : AccessKind.LOAD;
      cpus[cpu].access(step * 1000L, line * 64, 8, kind);
      assertEquals(
          plain.access(cpu, line, isWrite), cpus[cpu].servedBy(), Seeds.replay(seed) + " " + step);
    }
    assertEquals(plain.reads, socket.dram().statistics().reads(), Seeds.replay(seed));
    assertEquals(plain.writes, socket.dram().statistics().writes(), Seeds.replay(seed));
  }
}
