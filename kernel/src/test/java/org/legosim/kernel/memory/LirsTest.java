package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** LIRS by hand, and against the algorithm written down with lists. */
class LirsTest {
  @Test
  void aScan_passesThroughTheQueue_andLeavesTheOthersAlone() {
    Lirs lirs = new Lirs(3, 1);
    for (long key = 0; key < 3; key++) {
      lirs.use(key);
    }
    for (long key = 100; key < 200; key++) {
      assertFalse(lirs.use(key));
      assertEquals(key == 100 ? Lirs.NONE : key - 1, lirs.evicted());
    }
    for (long key = 0; key < 3; key++) {
      assertTrue(lirs.use(key), "line " + key + " survived the scan");
    }
  }

  @Test
  void aLineThatComesBackSoon_takesThePlaceOfTheOneNotUsedLongest() {
    Lirs lirs = new Lirs(2, 1);
    lirs.use(1);
    lirs.use(2);
    lirs.use(3); // the queue's one place
    lirs.use(4); // 3 goes, and is remembered
    assertEquals(3, lirs.evicted());
    assertFalse(lirs.use(3)); // its distance is shorter than that of 1
    assertEquals(4, lirs.evicted());
    assertTrue(lirs.isResident(1) && lirs.isResident(2) && lirs.isResident(3));
    lirs.use(5);
    assertEquals(1, lirs.evicted(), "1 is in the queue now");
    assertTrue(lirs.isResident(2) && lirs.isResident(3));
  }

  @Test
  void aDroppedLine_isForgotten() {
    Lirs lirs = new Lirs(2, 1);
    lirs.use(1);
    lirs.use(2);
    lirs.drop(1);
    assertFalse(lirs.isResident(1));
    lirs.use(3);
    assertEquals(Lirs.NONE, lirs.evicted());
    lirs.drop(99);
    assertTrue(lirs.isResident(2));
  }

  /** The algorithm with lists: the stack's bottom and the queue's front are at index 0. */
  private static final class Slow {
    final List<Long> stack = new ArrayList<>();
    final List<Long> queue = new ArrayList<>();
    final TreeSet<Long> lir = new TreeSet<>();
    final TreeSet<Long> resident = new TreeSet<>();
    final int lirMax;
    final int hirMax;
    long evicted;

    Slow(int lirMax, int hirMax) {
      this.lirMax = lirMax;
      this.hirMax = hirMax;
    }

    boolean use(long key) {
      evicted = Lirs.NONE;
      boolean was = resident.contains(key);
      boolean wasInStack = stack.contains(key);
      boolean wasRemembered = !was && wasInStack;
      if (!was && !wasRemembered && lir.size() < lirMax) {
        lir.add(key);
        resident.add(key);
        stack.add(key);
        return false;
      }
      if (!was && queue.size() >= hirMax) {
        evicted = queue.remove(0);
        resident.remove(evicted);
      }
      resident.add(key);
      stack.remove(key);
      stack.add(key);
      if (!lir.contains(key)) {
        queue.remove(key);
        if (wasInStack) {
          lir.add(key);
          if (lir.size() > lirMax) {
            long demoted = stack.remove(0);
            lir.remove(demoted);
            queue.add(demoted);
          }
        } else {
          queue.add(key);
        }
      }
      while (!stack.isEmpty() && !lir.contains(stack.get(0))) {
        stack.remove(0);
      }
      for (int at = 0; at < stack.size() && rememberedCount() > lirMax + hirMax; ) {
        if (resident.contains(stack.get(at))) {
          at++;
        } else {
          stack.remove(at);
        }
      }
      return was;
    }

    private long rememberedCount() {
      return stack.stream().filter(key -> !resident.contains(key)).count();
    }
  }

  @Test
  void keepsAndThrowsOut_whatTheAlgorithmWithListsDoes() {
    long seed = Long.getLong("test.seed", 20020615L);
    System.out.println("LirsTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      int lir = 1 + random.nextInt(8);
      int hir = 1 + random.nextInt(4);
      int keys = lir + hir + 1 + random.nextInt(20);
      Lirs lirs = new Lirs(lir, hir);
      Slow slow = new Slow(lir, hir);
      for (int step = 0; step < 1_000; step++) {
        long key = random.nextBoolean() ? random.nextInt(keys) : random.nextInt(1 + keys / 3);
        String where = "round " + round + ", step " + step;
        assertEquals(slow.use(key), lirs.use(key), where);
        assertEquals(slow.evicted, lirs.evicted(), where);
      }
      for (long key = 0; key < keys; key++) {
        assertEquals(slow.resident.contains(key), lirs.isResident(key));
      }
    }
  }
}
