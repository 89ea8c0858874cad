package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.legosim.timing.ModelException;

/** Areas: which merge, how they split, where a gap is; and all of it against an array of pages. */
class AreasTest {
  private static final long PAGE = 4096;

  private static Area anonymous(long page, long end, int protection) {
    return Area.anonymous(page * PAGE, end * PAGE, protection);
  }

  private static Area file(long page, long end, String name, long offsetPages) {
    return new Area(page * PAGE, end * PAGE, 1, false, false, name, offsetPages * PAGE);
  }

  private static String text(Areas areas) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < areas.count(); i++) {
      Area area = areas.get(i);
      out.append(area.start() / PAGE).append('-').append(area.end() / PAGE).append(' ');
    }
    return out.toString().strip();
  }

  @Test
  void neighboursOfTheSameKindAreOneArea() {
    Areas areas = new Areas();
    areas.insert(anonymous(0, 2, 3));
    areas.insert(anonymous(4, 6, 3));
    assertEquals("0-2 4-6", text(areas));
    areas.insert(anonymous(2, 4, 3));
    assertEquals("0-6", text(areas));
    areas.insert(anonymous(6, 7, 1));
    assertEquals("0-6 6-7", text(areas));
  }

  @Test
  void filesMerge_onlyWhereTheirBytesFollowEachOther() {
    Areas areas = new Areas();
    areas.insert(file(0, 2, "a", 0));
    areas.insert(file(2, 4, "a", 2));
    assertEquals("0-4", text(areas));
    areas.insert(file(4, 5, "a", 5)); // F-13: one page is missing in between
    areas.insert(file(5, 6, "b", 6));
    assertEquals("0-4 4-5 5-6", text(areas));
  }

  @Test
  void removal_splitsWhatSticksOut_andKeepsAFilesOffsets() {
    Areas areas = new Areas();
    areas.insert(file(10, 20, "a", 100));
    areas.remove(13 * PAGE, 15 * PAGE);
    assertEquals("10-13 15-20", text(areas));
    assertEquals(105 * PAGE, areas.get(1).offsetBytes());
    areas.remove(0, 11 * PAGE);
    areas.remove(19 * PAGE, 99 * PAGE);
    assertEquals("11-13 15-19", text(areas));
    assertEquals(101 * PAGE, areas.get(0).offsetBytes());
    assertNull(areas.find(13 * PAGE));
    assertNotNull(areas.find(13 * PAGE - 1));
  }

  @Test
  void overlapIsADefectOfTheCaller() {
    Areas areas = new Areas();
    areas.insert(anonymous(3, 5, 3));
    assertThrows(ModelException.class, () -> areas.insert(anonymous(4, 6, 3)));
  }

  @Test
  void highestGap_isTheLastThatFits() {
    Areas areas = new Areas();
    areas.insert(anonymous(10, 20, 3));
    areas.insert(anonymous(25, 30, 3));
    assertEquals(95 * PAGE, areas.highestGap(5 * PAGE, PAGE, 100 * PAGE));
    assertEquals(20 * PAGE, areas.highestGap(5 * PAGE, PAGE, 30 * PAGE));
    assertEquals(4 * PAGE, areas.highestGap(6 * PAGE, PAGE, 30 * PAGE));
    assertEquals(0, areas.highestGap(10 * PAGE, PAGE, 30 * PAGE));
    assertEquals(1 * PAGE, areas.highestGap(9 * PAGE, PAGE, 30 * PAGE));
  }

  @Test
  void depth_isThatOfABalancedTree() {
    Areas areas = new Areas();
    assertEquals(0, areas.depth());
    for (int i = 0; i < 9; i++) {
      areas.insert(anonymous(3L * i, 3L * i + 1, 3));
      assertEquals(i < 1 ? 1 : i < 3 ? 2 : i < 7 ? 3 : 4, areas.depth());
    }
  }

  @Test
  void randomChanges_areThoseOfAnArrayOfPages() {
    long seed = Long.getLong("test.seed", 20180223L);
    System.out.println("areas run with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    int pages = 60;
    for (int round = 0; round < 50; round++) {
      AddressSpace space = new AddressSpace("test", new PhysicalPages(1 << 20));
      int[] protection = new int[pages]; // 0: unmapped
      for (int step = 0; step < 80; step++) {
        int from = random.nextInt(pages);
        int to = from + 1 + random.nextInt(pages - from);
        int kind = 1 + random.nextInt(3);
        switch (random.nextInt(3)) {
          case 0 -> {
            space.map(anonymous(from, to, kind));
            Arrays.fill(protection, from, to, kind);
          }
          case 1 -> {
            space.unmap(from * PAGE, to * PAGE);
            Arrays.fill(protection, from, to, 0);
          }
          default -> {
            space.protect(from * PAGE, to * PAGE, kind);
            for (int i = from; i < to; i++) {
              protection[i] = protection[i] == 0 ? 0 : kind;
            }
          }
        }
        check(space.areas, protection);
      }
    }
  }

  private static void check(Areas areas, int[] protection) {
    for (int page = 0; page < protection.length; page++) {
      Area area = areas.find(page * PAGE);
      assertEquals(protection[page], area == null ? 0 : area.protection(), "page " + page);
    }
    for (int i = 1; i < areas.count(); i++) {
      assertTrue(areas.get(i - 1).end() <= areas.get(i).start());
      assertFalse(areas.get(i - 1).mergesWith(areas.get(i)), text(areas));
    }
  }
}
