package org.legosim.kernel.alloc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Blocks of pages by hand, and against an allocator that searches a map of the memory. */
class BuddyTest {
  private static final long FIRST = 0xffff880000000000L;

  private static Buddy buddy(int pages, boolean keepsPrivate) {
    return new Buddy("M", pages, new AllocDefects(keepsPrivate), new KernelContents(FIRST));
  }

  @Test
  void aBlockIsSplitFromTheLeft_andItsRightHalvesAreListed() {
    Buddy buddy = buddy(1024, false);
    assertEquals(0, buddy.allocate(0, "a"));
    for (int order = 0; order < 10; order++) {
      assertArrayEquals(new int[] {1 << order}, buddy.listed(order));
      assertEquals(order, buddy.pagePrivate(1 << order));
    }
    assertEquals(4, buddy.allocate(2, "b"));
    assertEquals(1, buddy.allocate(0, "c"));
    assertEquals(2, buddy.allocate(0, "d")); // 2 and 3 were a block of two
    assertEquals(0, buddy.pagePrivate(2));
  }

  @Test
  void freedBuddiesJoin_upToTheLargestBlock() {
    Buddy buddy = buddy(1024, false);
    int first = buddy.allocate(0, "a");
    int second = buddy.allocate(0, "b");
    buddy.free(first, 0);
    assertArrayEquals(new int[] {0}, buddy.listed(0));
    buddy.free(second, 0);
    assertArrayEquals(new int[] {0}, buddy.listed(10));
    assertArrayEquals(new int[0], buddy.listed(0));
    assertEquals(0, buddy.owners().pagesOwned());
  }

  @Test
  void whatWasFreedLastIsTakenFirst() {
    Buddy buddy = buddy(1024, false);
    int[] pages = new int[6];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = buddy.allocate(0, "a");
    }
    buddy.free(pages[1], 0);
    buddy.free(pages[4], 0);
    assertEquals(4, buddy.allocate(0, "b"));
    assertEquals(1, buddy.allocate(0, "b"));
  }

  @Test
  void memoryThatIsUsedUp_isAViolation() {
    Buddy buddy = buddy(1024, false);
    buddy.allocate(10, "a");
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, () -> buddy.allocate(0, "b"));
    assertTrue(violation.getMessage().contains("1024 of them are in use"), violation.getMessage());
  }

  /** The field keeps the order 1 of the block that pages 2 and 3 were; the free gives 3 away, too. */
  @Test
  void anOrderThatStaysInTheField_makesADoubleAllocation() {
    Buddy buddy = buddy(1024, true);
    assertEquals(0, buddy.allocate(0, "a"));
    assertEquals(1, buddy.allocate(0, "b"));
    assertEquals(2, buddy.allocate(0, "c"));
    assertEquals(3, buddy.allocate(0, "d"));
    assertEquals(1, buddy.pagePrivate(2));
    buddy.free(2, buddy.pagePrivate(2));
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, () -> buddy.allocate(1, "e"));
    assertTrue(
        violation.getMessage().contains("gives the 2 pages at 0xffff880000002000 to e"),
        violation.getMessage());
    assertTrue(
        violation.getMessage().contains("page frame 3 belongs to d"), violation.getMessage());
  }

  /**
   * A block is free in the reference when none of its pages has an owner; the allocator must find one of the
   * smallest order at which the reference has a whole free block, and list the same blocks.
   */
  @Test
  void law_blocksAndListsAreThoseOfAMapOfThePages() {
    long seed = Long.getLong("test.seed", 20180213);
    System.out.println("BuddyTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    Buddy buddy = buddy(4096, false);
    buddy.free(buddy.allocate(10, "start"), 10);
    boolean[] used = new boolean[4096];
    List<int[]> blocks = new ArrayList<>();
    for (int step = 0; step < 4000; step++) {
      if (blocks.size() < 40 && random.nextInt(5) < 3) {
        int order = random.nextInt(5);
        int page = buddy.allocate(order, "o" + step);
        assertEquals(0, page & ((1 << order) - 1), "aligned");
        for (int at = page; at < page + (1 << order); at++) {
          assertTrue(!used[at]);
          used[at] = true;
        }
        blocks.add(new int[] {page, order});
      } else if (!blocks.isEmpty()) {
        int[] block = blocks.remove(random.nextInt(blocks.size()));
        buddy.free(block[0], block[1]);
        for (int at = block[0]; at < block[0] + (1 << block[1]); at++) {
          used[at] = false;
        }
      }
      if (step % 50 == 0) {
        requireSame(buddy, used);
      }
    }
  }

  /** The largest aligned free blocks are exactly the listed ones. */
  private static void requireSame(Buddy buddy, boolean[] used) {
    for (int order = 0; order < Buddy.MAX_ORDER; order++) {
      List<Integer> expected = new ArrayList<>();
      for (int page = 0; page < buddy.pages(); page += 1 << order) {
        boolean isPart =
            order < Buddy.MAX_ORDER - 1 && isFree(used, page & -(2 << order), 2 << order);
        if (isFree(used, page, 1 << order) && !isPart) {
          expected.add(page);
        }
      }
      int[] listed = buddy.listed(order);
      java.util.Arrays.sort(listed);
      assertArrayEquals(expected.stream().mapToInt(Integer::intValue).toArray(), listed);
    }
  }

  private static boolean isFree(boolean[] used, int page, int count) {
    for (int at = page; at < page + count; at++) {
      if (used[at]) {
        return false;
      }
    }
    return true;
  }
}
