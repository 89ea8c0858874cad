package org.legosim.kernel.alloc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Addresses of small objects by hand; kmalloc against a list of bytes. */
class KernelHeapTest {
  private static final long PAGE = 4096;
  private final KernelHeap heap = new KernelHeap("P", AllocParams.DEFAULT, AllocDefects.NONE);

  private static long offset(long address) {
    return address & (PAGE - 1);
  }

  /** sighand_struct has 2088 bytes and a header of 8: what follows it begins at 0x830, its object at 0x838. */
  @Test
  void aTaskBehindItsSignalHandlers_isNotAlignedTo64() {
    long handlers = heap.kmalloc(2088, "sighand");
    long task = heap.kmalloc(1920, "task");
    assertEquals(8, offset(handlers));
    assertEquals(0x838, offset(task));
    assertEquals(0x38, (task + 0x400) & 63);
    assertEquals(handlers & -PAGE, task & -PAGE);
  }

  @Test
  void threeListsBySize_haveTheirOwnPages() {
    long small = heap.kmalloc(100, "a");
    long medium = heap.kmalloc(248, "b"); // 256 with its header
    long large = heap.kmalloc(1016, "c"); // 1024 with its header
    assertEquals(PAGE, medium - small);
    assertEquals(2 * PAGE, large - small);
    // 108 bytes with the header; the next object is aligned to 8
    assertEquals(small + 112, heap.kmalloc(96, "d"));
    assertEquals(small + 112 + 104, heap.kmalloc(96, "e"));
  }

  @Test
  void theFirstGapThatFits_isTaken() {
    long a = heap.kmalloc(120, "a");
    long b = heap.kmalloc(56, "b");
    long c = heap.kmalloc(120, "c");
    heap.kmalloc(56, "d");
    heap.kfree(a);
    heap.kfree(c);
    assertEquals(a, heap.kmalloc(60, "e"));
    assertEquals(c, heap.kmalloc(100, "f"));
    assertEquals(a + 72, heap.kmalloc(40, "g")); // 68 bytes of e, rounded up to 72
    assertEquals(128, b - a);
  }

  @Test
  void theNextSearch_startsAtThePageThatHadRoom() {
    // three objects fill a page of the large list but for 1000 bytes
    long first = heap.kmalloc(2008, "a");
    long second = heap.kmalloc(2008, "b"); // 64 bytes are left
    long third = heap.kmalloc(2008, "c"); // a second page, listed first
    assertEquals(first + 2016, second);
    assertEquals(offset(first), offset(third));
    heap.kfree(first); // room in both now
    assertEquals(third + 2016, heap.kmalloc(2008, "d"));
    assertEquals(first, heap.kmalloc(2008, "e")); // the second page was searched first and is full
  }

  @Test
  void from4088BytesOn_pagesAreTaken_andTheirOrderIsKept() {
    assertEquals(8, offset(heap.kmalloc(4087, "small")));
    long one = heap.kmalloc(4088, "one");
    long three = heap.kmalloc(2 * 4096 + 1, "three");
    assertEquals(0, offset(one));
    assertEquals(0, three % (4 * PAGE));
    assertEquals(1 + 1 + 4, heap.pagesOwned());
    heap.kfree(three);
    assertEquals(2, heap.pagesOwned());
    heap.kfree(one);
    assertEquals(1, heap.pagesOwned());
    assertEquals(three, heap.kmalloc(16000, "again"));
  }

  @Test
  void memoryIsNotCleared_exceptWhereThePageGapsHeaderIs() {
    long a = heap.kmalloc(120, "a");
    heap.kmalloc(56, "b");
    heap.writeText(a + 88, "1");
    heap.write(a - 8 + 16, 0x1234567890abcdefL);
    heap.kfree(a);
    long again = heap.kmalloc(120, "c");
    assertEquals(a, again);
    assertEquals(0x31, heap.read(again + 88));
    assertEquals(0x1234567890abcdefL, heap.read(again + 8));
    assertEquals(0, heap.read(heap.kzalloc(120, "d") + 88));
  }

  @Test
  void theModesOfDebugging_hideWhatWasLeft() {
    for (AllocParams params : List.of(
        new AllocParams(
            AllocParams.Contents.ZEROED, AllocParams.Contents.AS_LEFT, AllocParams.Freeing.FREES),
        new AllocParams(
            AllocParams.Contents.AS_LEFT,
            AllocParams.Contents.AS_LEFT,
            AllocParams.Freeing.NOTHING))) {
      KernelHeap debugged = new KernelHeap("P", params, AllocDefects.NONE);
      long a = debugged.kmalloc(120, "a");
      debugged.kmalloc(56, "b");
      debugged.write(a + 88, 0x31);
      debugged.kfree(a);
      assertEquals(0, debugged.read(debugged.kmalloc(120, "c") + 88), params.toString());
    }
  }

  /** Zeroed pages help once a page went back; an object reused within its page still has what was left. */
  @Test
  void zeroedPages_clearWhatComesFromTheBuddyAlone() {
    KernelHeap zeroed = new KernelHeap(
        "P",
        new AllocParams(
            AllocParams.Contents.AS_LEFT, AllocParams.Contents.ZEROED, AllocParams.Freeing.FREES),
        AllocDefects.NONE);
    long a = zeroed.kmalloc(120, "a");
    zeroed.write(a + 88, 0x31);
    zeroed.kfree(a);
    assertEquals(0, zeroed.read(zeroed.kmalloc(120, "b") + 88));
    long other = zeroed.kmalloc(56, "c");
    zeroed.write(a + 88, 0x31);
    zeroed.kfree(a);
    assertEquals(0x31, zeroed.read(zeroed.kmalloc(120, "d") + 88));
    assertNotEquals(a, other);
  }

  /** Row 19: one page whose field still has an older order; kfree gives its neighbours back as well. */
  @Test
  void kfreeByAnOrderThatTheBuddyLeft_isADoubleAllocation() {
    KernelHeap mixed = new KernelHeap("M", AllocParams.DEFAULT, new AllocDefects(true));
    mixed.pages(0, "a");
    mixed.pages(0, "b");
    long page = mixed.kmalloc(4096, "a buffer"); // from a block of two pages
    mixed.pages(0, "a page table");
    mixed.kfree(page);
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, () -> mixed.kmalloc(8192, "two pages"));
    assertTrue(violation.getMessage().startsWith("double allocation: M"), violation.getMessage());
    assertTrue(violation.getMessage().contains("a page table"), violation.getMessage());
  }

  /** Objects never overlap, are aligned, lie within a page, and all memory comes back. */
  @Test
  void law_objectsLieApart_andEverythingComesBack() {
    long seed = Long.getLong("test.seed", 20180212);
    System.out.println("KernelHeapTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    TreeMap<Long, Integer> objects = new TreeMap<>();
    List<Long> addresses = new ArrayList<>();
    for (int step = 0; step < 5000; step++) {
      if (addresses.size() < 150 && random.nextInt(9) < 5) {
        int bytes = 8 + random.nextInt(random.nextInt(8) == 0 ? 10000 : 1500);
        long address = heap.kmalloc(bytes, "o" + step);
        assertEquals(0, address % 8);
        var before = objects.lowerEntry(address);
        assertTrue(before == null || before.getKey() + before.getValue() <= address);
        var after = objects.ceilingEntry(address);
        assertTrue(after == null || address + bytes <= after.getKey());
        assertTrue(
            bytes >= KernelHeap.WHOLE_PAGES_BYTES || offset(address) + bytes <= PAGE, "in a page");
        objects.put(address, bytes);
        addresses.add(address);
        heap.write(address, address);
      } else if (!addresses.isEmpty()) {
        long address = addresses.remove(random.nextInt(addresses.size()));
        assertEquals(address, heap.read(address));
        objects.remove(address);
        heap.kfree(address);
      }
    }
    addresses.forEach(heap::kfree);
    assertEquals(0, heap.pagesOwned());
  }

  /** First fit within one list, done obviously: a page is an array of bytes, searched from its start. */
  @Test
  void law_placesAreThoseOfASearchThroughBytes() {
    long seed = Long.getLong("test.seed", 20180223);
    System.out.println("KernelHeapTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    SlowSlob slow = new SlowSlob();
    List<long[]> live = new ArrayList<>();
    long first = -1;
    for (int step = 0; step < 3000; step++) {
      if (live.size() < 12 && random.nextInt(7) < 4) {
        int bytes = 1016 + random.nextInt(1000);
        long address = heap.kmalloc(bytes, "o");
        int place = slow.allocate(bytes + 8);
        if (first < 0) {
          first = address - 8 & -PAGE;
        }
        assertEquals(place % PAGE, offset(address - 8), "step " + step);
        live.add(new long[] {address, place, bytes + 8L});
      } else if (!live.isEmpty()) {
        long[] object = live.remove(random.nextInt(live.size()));
        heap.kfree(object[0]);
        slow.free((int) object[1], (int) object[2]);
      }
    }
  }

  /** Pages of bytes in the order in which they are searched. */
  private static final class SlowSlob {
    private final List<boolean[]> pages = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final List<boolean[]> all = new ArrayList<>();

    int allocate(int bytes) {
      for (int index = 0; index < pages.size(); index++) {
        int start = find(pages.get(index), bytes);
        if (start >= 0) {
          int place = numbers.get(index) * (int) PAGE + start;
          fill(pages.get(index), start, bytes, true);
          if (isFull(pages.get(index))) {
            pages.remove(index);
            numbers.remove(index);
          }
          for (int turns = index < pages.size() ? index : 0; turns > 0; turns--) {
            pages.add(pages.remove(0));
            numbers.add(numbers.remove(0));
          }
          return place;
        }
      }
      boolean[] page = new boolean[(int) PAGE];
      all.add(page);
      pages.add(0, page);
      numbers.add(0, all.size() - 1);
      fill(page, 0, bytes, true);
      return (all.size() - 1) * (int) PAGE;
    }

    private static int find(boolean[] page, int bytes) {
      for (int start = 0; start + even(bytes) <= PAGE; start += 8) {
        int at = start;
        while (at < start + even(bytes) && !page[at]) {
          at++;
        }
        if (at == start + even(bytes)) {
          return start;
        }
      }
      return -1;
    }

    private static int even(int bytes) {
      return bytes + 1 & -2;
    }

    private static void fill(boolean[] page, int start, int bytes, boolean value) {
      java.util.Arrays.fill(page, start, start + even(bytes), value);
    }

    private static boolean isFull(boolean[] page) {
      for (boolean isUsed : page) {
        if (!isUsed) {
          return false;
        }
      }
      return true;
    }

    void free(int place, int bytes) {
      int number = place / (int) PAGE;
      boolean[] page = all.get(number);
      boolean wasFull = isFull(page);
      fill(page, place % (int) PAGE, bytes, false);
      boolean isEmpty = true;
      for (boolean isUsed : page) {
        isEmpty &= !isUsed;
      }
      int index = numbers.indexOf(number);
      if (isEmpty) {
        if (index >= 0) {
          pages.remove(index);
          numbers.remove(index);
        }
      } else if (wasFull) {
        pages.add(0, page);
        numbers.add(0, number);
      }
    }
  }
}
