package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;

/** Each policy against the slow obvious version of itself, event by event. */
class PolicyLawTest {
  private static final int ACCESSES = 4000;

  /** Ways of one set in plain lists, the next to go last. */
  private static final class ReferenceSet {
    final long[] pageAt;
    final boolean[] dirty;
    final List<Integer> order = new ArrayList<>();

    ReferenceSet(int ways) {
      pageAt = new long[ways];
      Arrays.fill(pageAt, -1);
      dirty = new boolean[ways];
    }

    int wayOf(long page) {
      for (int way = 0; way < pageAt.length; way++) {
        if (pageAt[way] == page) {
          return way;
        }
      }
      return -1;
    }
  }

  private static String reference(
      ReplacementPolicy policy, int setCount, int ways, long[] pages, boolean[] writes, long seed) {
    RandomStream random = new Simulation(seed).stream("pcache.replacement");
    ReferenceSet[] sets = new ReferenceSet[setCount];
    Arrays.setAll(sets, i -> new ReferenceSet(ways));
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < pages.length; i++) {
      int index = (int) ((page(pages[i]) / PcacheHarness.PAGE) % setCount);
      ReferenceSet set = sets[index];
      int way = set.wayOf(pages[i]);
      char kind = 'M';
      if (way < 0) {
        way = set.wayOf(-1);
        if (way < 0) {
          way = policy == ReplacementPolicy.RANDOM
              ? random.nextInt(ways)
              : set.order.get(set.order.size() - 1);
          char gone = set.dirty[way] ? 'D' : 'E';
          kind = set.dirty[way] ? 'P' : 'M';
          line(log, gone, set.pageAt[way], index, way);
          set.order.remove((Integer) way);
        }
        set.pageAt[way] = pages[i];
        set.dirty[way] = false;
        set.order.add(0, way);
        line(log, kind, pages[i], index, way);
      }
      if (policy == ReplacementPolicy.TRUE_LRU) {
        set.order.remove((Integer) way);
        set.order.add(0, way);
      }
      set.dirty[way] |= writes[i];
    }
    return log.toString().strip();
  }

  private static void line(StringBuilder log, char kind, long page, int set, int way) {
    log.append("0 " + kind + " 1:" + page + " " + set + "." + way + System.lineSeparator());
  }

  @ParameterizedTest
  @EnumSource(ReplacementPolicy.class)
  void everyPolicy_choosesTheVictimsOfItsReference(ReplacementPolicy policy) {
    long seed = Seeds.of("policy-" + policy);
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      int setCount = 1 + random.nextInt(9); // powers of two and others
      int ways = 1 + random.nextInt(12);
      int pageCount = 1 + random.nextInt(3 * setCount * ways);
      long[] pages = new long[ACCESSES];
      boolean[] writes = new boolean[ACCESSES];
      for (int i = 0; i < ACCESSES; i++) {
        pages[i] = random.nextInt(1 + random.nextInt(pageCount));
        writes[i] = random.nextInt(4) == 0;
      }
      PcacheHarness harness = new PcacheHarness(
          PcacheHarness.params(setCount, ways, policy, EvictionMechanism.PER_SET_LIST, 8, true),
          PcacheDefects.NONE,
          seed,
          true);
      AddressSpace a = harness.space(1);
      PcacheHarness.Cpu cpu = harness.cpu();
      for (int i = 0; i < ACCESSES; i++) {
        if (writes[i]) {
          cpu.write(a, page(pages[i]));
        } else {
          cpu.read(a, page(pages[i]));
        }
      }
      String events = harness.run().events();
      assertEquals(reference(policy, setCount, ways, pages, writes, seed), events);
      assertEquals(ACCESSES + harness.pcache.misses(), cpu.lookups);
    }
  }

  @Test
  void theReferenceTellsPoliciesApart() {
    Random random = new Random(1);
    long[] pages = random.longs(200, 0, 12).toArray();
    boolean[] writes = new boolean[200];
    String[] logs = new String[4];
    for (ReplacementPolicy policy : ReplacementPolicy.values()) {
      logs[policy.ordinal()] = reference(policy, 1, 6, pages, writes, 1);
    }
    assertEquals(logs[ReplacementPolicy.LRU.ordinal()], logs[ReplacementPolicy.FIFO.ordinal()]);
    assertNotEquals(
        logs[ReplacementPolicy.LRU.ordinal()], logs[ReplacementPolicy.TRUE_LRU.ordinal()]);
    assertNotEquals(
        logs[ReplacementPolicy.LRU.ordinal()], logs[ReplacementPolicy.RANDOM.ordinal()]);
  }

  @Test
  void oneSetOfAMillionWays_isExactlyTheTextbooksLru() {
    int capacity = 1 << 20;
    PcacheHarness harness = PcacheHarness.unwatched(PcacheHarness.params(
        1, capacity, ReplacementPolicy.TRUE_LRU, EvictionMechanism.PER_SET_LIST, 8, true));
    Replacement replacement = harness.pcache.replacement;
    Lines lines = harness.pcache.lines;
    // Straight to the list: insert all, hit each third, then the tail order is the untouched ones
    // in order of insertion, then the hit ones.
    for (int line = 0; line < capacity; line++) {
      replacement.addFirst(line);
    }
    for (int line = 0; line < capacity; line += 3) {
      replacement.onHit(line);
    }
    int expected = 0;
    int line = replacement.tail(0);
    for (int i = 0; i < capacity; i++) {
      if (i == capacity - (capacity + 2) / 3) {
        expected = 0;
      }
      boolean isUntouchedPart = i < capacity - (capacity + 2) / 3;
      if (isUntouchedPart && expected % 3 == 0) {
        expected++;
      }
      assertEquals(expected, line);
      expected += isUntouchedPart ? 1 : 3;
      line = lines.previous(line);
    }
  }
}
