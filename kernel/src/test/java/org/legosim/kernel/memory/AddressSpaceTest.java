package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.trace.Mapping;

/** What changes of an address space do to its pages. */
class AddressSpaceTest {
  private static final long PAGE = 4096;
  private static final long BASE = 0x7f0000000000L;

  private final PhysicalPages physical = new PhysicalPages(100 * PAGE);
  private final AddressSpace space = new AddressSpace("a", physical);

  private static long page(long number) {
    return BASE + number * PAGE;
  }

  private void map(long from, long to) {
    space.map(Area.anonymous(page(from), page(to), 3));
  }

  private void populate(long... pages) {
    for (long number : pages) {
      assertTrue(space.populate(page(number)));
    }
  }

  private int at(long number) {
    return space.pageTable.lookup(page(number));
  }

  @Test
  void firstTouch_takesAPage_andAPageOfTheTable() {
    map(0, 2000);
    populate(0);
    assertEquals(2, space.pagesAllocated);
    populate(1);
    assertEquals(3, space.pagesAllocated);
    populate(1);
    assertEquals(3, space.pagesAllocated);
    populate(512); // the next table
    assertEquals(5, space.pagesAllocated);
    assertEquals(3, physical.inUse());
  }

  @Test
  void mappingOverLivePages_freesThem() {
    map(0, 4);
    populate(0, 1, 2, 3);
    map(1, 3);
    assertTrue(space.isPresent(page(0)) && space.isPresent(page(3)));
    assertFalse(space.isPresent(page(1)) || space.isPresent(page(2)));
    assertEquals(2, physical.inUse());
  }

  @Test
  void remap_takesItsPagesAlong_andReplacesWhatIsThere() {
    map(0, 3);
    map(10, 13);
    populate(0, 2, 10);
    int first = at(0);
    int last = at(2);
    assertTrue(space.remap(page(0), 3 * PAGE, page(10), 4 * PAGE));
    assertEquals(first, at(10));
    assertEquals(last, at(12));
    assertFalse(space.isPresent(page(0)) || space.isPresent(page(11)));
    assertEquals(2, physical.inUse());
    assertNull(space.find(page(0)));
    assertNotNull(space.find(page(13))); // it grew by a page
  }

  @Test
  void remapInPlace_growsAndShrinks() {
    map(0, 4);
    populate(0, 3);
    assertTrue(space.remap(page(0), 4 * PAGE, page(0), 2 * PAGE));
    assertFalse(space.isPresent(page(3)));
    assertNull(space.find(page(2)));
    assertTrue(space.remap(page(0), 2 * PAGE, page(0), 6 * PAGE));
    assertNotNull(space.find(page(5)));
    assertFalse(space.remap(page(50), PAGE, page(60), PAGE));
  }

  @Test
  void child_sharesEveryPage_untilOneOfThemLetsGo() {
    map(0, 2);
    populate(0, 1);
    AddressSpace child = new AddressSpace("b", physical);
    child.cloneFrom(space);
    assertEquals(2, physical.inUse());
    assertTrue(space.isShared(page(0)) && child.isShared(page(1)));
    space.unmap(page(0), page(2));
    assertFalse(child.isShared(page(0)));
    assertTrue(child.isPresent(page(0)));
    child.unmap(page(0), page(2));
    assertEquals(0, physical.inUse());
  }

  @Test
  void heap_isPopulatedAtOnce() {
    assertTrue(space.moveBreak(page(0)));
    assertTrue(space.moveBreak(page(3) - 1));
    assertEquals(3, physical.inUse());
    assertTrue(space.moveBreak(page(1)));
    assertEquals(1, physical.inUse());
    assertEquals(page(1), space.breakEnd());
  }

  @Test
  void stack_growsTowardsATouch_withAGuardPage_upToItsLimit() {
    space.load(captured(
        new Mapping(page(10_000), page(10_010), "rw-p", 0, "[stack]"),
        new Mapping(page(9_000), page(9_001), "rw-p", 0, "[anon]")));
    assertNotNull(space.find(page(9_500)));
    assertEquals(page(9_500), space.areas.get(1).start());
    assertNull(space.find(page(9_001))); // the guard page
    assertNotNull(space.find(page(9_002)));
    AddressSpace limited = new AddressSpace("b", physical);
    limited.load(captured(new Mapping(page(10_000), page(10_010), "rw-p", 0, "[stack]")));
    assertNull(limited.find(page(10_010 - 2_048) - 1)); // 8 MiB are 2,048 pages
    assertNotNull(limited.find(page(10_010 - 2_048)));
  }

  @Test
  void memoryThatIsFull_isSaid() {
    map(0, 200);
    for (int i = 0; i < 100; i++) {
      assertTrue(space.populate(page(i)));
    }
    assertFalse(space.populate(page(100)));
    space.unmap(page(7), page(8));
    assertTrue(space.populate(page(100)));
  }

  @Test
  void placement_isTopDown_belowTheStacksRoom() {
    long top = AddressSpace.TASK_END - (128L << 20);
    assertEquals(top - 5 * PAGE, space.place(5 * PAGE));
    space.map(Area.anonymous(top - 5 * PAGE, top, 3));
    assertEquals(top - 6 * PAGE, space.place(PAGE));
  }

  private static ImagePlacement captured(Mapping... mappings) {
    return ImagePlacement.captured(List.of(mappings));
  }
}
