package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AddressTableTest {
  private static final long PAGE = AddressTable.PAGE_BYTES;
  private static final int PAGES = 64;

  /** Random changes against a map of single pages. */
  @Test
  void agreesWithAMapOfPages() {
    long seed = Long.getLong("test.seed", 20_181_008);
    System.out.println("address table runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    for (int program = 0; program < 200; program++) {
      AddressTable table = new AddressTable(0);
      Map<Long, Long> pages = new TreeMap<>();
      for (int step = 0; step < 60; step++) {
        long from = random.nextInt(PAGES);
        long to = from + random.nextInt(12);
        // few distances, so that neighbours often join
        long distance = 1_000L * random.nextInt(3);
        boolean puts = random.nextInt(3) > 0;
        if (puts) {
          table.put(from * PAGE, to * PAGE, (from + distance) * PAGE, false);
        } else {
          table.remove(from * PAGE, to * PAGE);
        }
        for (long page = from; page < to; page++) {
          if (puts) {
            pages.put(page, page + distance);
          } else {
            pages.remove(page);
          }
        }
        AddressTable looked = random.nextInt(8) == 0 ? table.copy() : table;
        for (int i = 0; i < 20; i++) {
          long page = random.nextInt(PAGES + 14);
          long expected = pages.containsKey(page) ? pages.get(page) - page : -1;
          long delta = looked.deltaOf(page * PAGE + random.nextInt((int) PAGE));
          assertEquals(
              expected == -1 ? AddressTable.UNKNOWN : expected * PAGE, delta, "page " + page);
          if (expected != -1) {
            assertTrue(looked.startOfLast() <= page * PAGE && page * PAGE < looked.endOfLast());
          }
        }
      }
      for (int i = 1; i < table.count(); i++) {
        assertTrue(table.end(i - 1) <= table.start(i));
        assertTrue(table.end(i - 1) < table.start(i) || table.delta(i - 1) != table.delta(i));
      }
    }
  }

  @Test
  void stack_isExplainedBelowItsStart_upToEightMiB() {
    AddressTable table = new AddressTable(0);
    table.put(10_000 * PAGE, 10_010 * PAGE, 30_000 * PAGE, true);
    table.put(9_000 * PAGE, 9_001 * PAGE, 100 * PAGE, false);
    assertEquals(20_000 * PAGE, table.deltaOf(9_990 * PAGE + 8));
    assertEquals(9_990 * PAGE, table.start(1));
    assertEquals(-8_900 * PAGE, table.deltaOf(9_000 * PAGE));
    // 8 MiB are 2,048 pages, and end at page 10,010
    assertEquals(AddressTable.UNKNOWN, table.deltaOf(7_962 * PAGE - 1));
    assertEquals(AddressTable.UNKNOWN, table.deltaOf(10_010 * PAGE));
  }

  @Test
  void target_followsTheRangeThatItIsInOrNextTo() {
    AddressTable table = new AddressTable(0);
    table.put(10 * PAGE, 20 * PAGE, 110 * PAGE, false);
    assertEquals(115 * PAGE, table.target(15 * PAGE, PAGE));
    assertEquals(120 * PAGE, table.target(20 * PAGE, PAGE));
    assertEquals(108 * PAGE, table.target(8 * PAGE, 2 * PAGE));
    assertEquals(40 * PAGE, table.target(40 * PAGE, PAGE));
    assertTrue(table.isFree(115 * PAGE, PAGE, 15 * PAGE, 16 * PAGE));
    assertFalse(table.isFree(115 * PAGE, PAGE, 40 * PAGE, 41 * PAGE));
    assertFalse(table.isFree(115 * PAGE, 2 * PAGE, 15 * PAGE, 16 * PAGE));
    assertTrue(table.isFree(120 * PAGE, PAGE, 40 * PAGE, 41 * PAGE));
  }

  @Test
  void break_keepsItsPlaceInThePage() {
    AddressTable table = new AddressTable(500 * PAGE);
    // the heap's first whole page is the one behind the captured break
    assertEquals(500 * PAGE - 24, table.breakAt(8 * PAGE - 24));
    assertEquals(502 * PAGE, table.breakAt(10 * PAGE));
    assertEquals(10 * PAGE, table.capturedBreak(502 * PAGE));
    assertEquals(502 * PAGE, table.copy().breakAt(10 * PAGE));
  }
}
