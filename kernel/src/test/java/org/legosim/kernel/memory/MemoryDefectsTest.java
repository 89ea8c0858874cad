package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.alloc.AllocParams.Contents;
import org.legosim.kernel.alloc.AllocParams.Freeing;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.PageContent;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.trace.Mapping;

/** The memory node's part of the diary: F-10, F-11, F-13 and F-15, and what holds without them. */
class MemoryDefectsTest {
  private static final long PAGE = 4096;
  private static final long BASE = 0x7f0000000000L;
  private static final String LONG_NAME = "/long" + "/directory".repeat(14);

  private static MemoryDefects defects(String... faults) {
    return MemoryDefects.of(List.of(faults));
  }

  private static AddressSpace space(String... faults) {
    return new AddressSpace("a", new PhysicalPages(1000 * PAGE), defects(faults));
  }

  private static List<Mapping> program(String file) {
    return List.of(new Mapping(0x400000, 0x401000, "r-xp", 0, file));
  }

  private static Loader loader(AllocParams params, String... faults) {
    return new Loader("M", new KernelHeap("M", params, AllocDefects.NONE), defects(faults));
  }

  private static void loadLongThenShort(Loader loader) {
    List<Long> areas = new ArrayList<>();
    loader.load(areas, program(LONG_NAME));
    loader.load(areas, program("/bin/true"));
  }

  /** Row 16: name, environment and arguments; the second and third find the page there already. */
  @Test
  void argumentStrings_areFaultedInThreeTimes() {
    Loader loader = loader(AllocParams.DEFAULT);
    loadLongThenShort(loader);
    assertEquals(6, loader.faultIns());
  }

  /** Row 17: the name before is longer, so its text lies where the next area's operations are. */
  @Test
  void f10_crashesWhenTheLeftoverIsNotZero() {
    Loader loader = loader(AllocParams.DEFAULT, "F-10");
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, () -> loadLongThenShort(loader));
    // /bin/true and its header take 18 bytes; the area begins at 32, its operations are at 120
    String left = LONG_NAME.substring(112, 120);
    long word = 0;
    for (int i = 7; i >= 0; i--) {
      word = word << 8 | left.charAt(i);
    }
    assertTrue(
        violation.getMessage().contains("vm_ops is 0x" + Long.toHexString(word)),
        violation.getMessage());
  }

  @Test
  void f10_staysUnseenWhileTheLeftoverIsZero() {
    Loader loader = loader(AllocParams.DEFAULT, "F-10");
    List<Long> areas = new ArrayList<>();
    loader.load(areas, program("/bin/true"));
    loader.load(areas, program("/bin/true"));
    loader.load(areas, program("/bin/cat"));
    assertEquals(9, loader.faultIns());
  }

  /** Row 38: the debugging modes hide F-10; zeroed pages alone do not, for the object is reused within its page. */
  @Test
  void f10_isGoneWithZeroingKmalloc_orWithAKfreeThatDoesNothing() {
    for (AllocParams params : List.of(
        new AllocParams(Contents.ZEROED, Contents.AS_LEFT, Freeing.FREES),
        new AllocParams(Contents.AS_LEFT, Contents.AS_LEFT, Freeing.NOTHING),
        new AllocParams(Contents.ZEROED, Contents.ZEROED, Freeing.NOTHING))) {
      Loader loader = loader(params, "F-10");
      loadLongThenShort(loader);
      assertEquals(6, loader.faultIns(), params.toString());
    }
    Loader zeroedPages =
        loader(new AllocParams(Contents.AS_LEFT, Contents.ZEROED, Freeing.FREES), "F-10");
    assertThrows(InvariantViolation.class, () -> loadLongThenShort(zeroedPages));
  }

  /** Row 18: the page with the end of the data is the file's and zeroes; with F-11 it is the file's alone. */
  @Test
  void f11_leavesTheFilesBytesInTheFirstPartOfBss() {
    List<Mapping> mappings = List.of(
        new Mapping(BASE, BASE + 2 * PAGE + 0xa40, "rw-p", 0x5000, "/bin/iozone"),
        new Mapping(BASE + 3 * PAGE, BASE + 5 * PAGE, "rw-p", 0, "[anon]"));
    for (boolean isBroken : new boolean[] {false, true}) {
      AddressSpace space = isBroken ? space("F-11") : space();
      space.load(ImagePlacement.captured(mappings));
      for (int page = 0; page < 4; page++) {
        assertTrue(space.populate(BASE + page * PAGE));
      }
      assertEquals(PageContent.ofFile("/bin/iozone", 0x6000), space.content(BASE + PAGE));
      assertEquals(
          isBroken
              ? PageContent.ofFile("/bin/iozone", 0x7000)
              : PageContent.ofFile("/bin/iozone", 0x7000, 0xa40),
          space.content(BASE + 2 * PAGE));
      assertEquals(PageContent.ZEROES, space.content(BASE + 3 * PAGE));
    }
    assertEquals(PAGE - 0xa40, space().noteTails(mappings));
    assertEquals(0, space("F-11").noteTails(mappings));
  }

  /** Row 20: two parts of a file that are neighbours in memory alone. */
  @Test
  void f13_mergesPartsOfAFile_andReadsAnotherPage() {
    for (boolean isBroken : new boolean[] {false, true}) {
      AddressSpace space = isBroken ? space("F-13") : space();
      space.map(new Area(BASE, BASE + 2 * PAGE, 1, false, false, "f", 0));
      space.map(new Area(BASE + 2 * PAGE, BASE + 4 * PAGE, 1, false, false, "f", 0x8000));
      assertEquals(isBroken ? 1 : 2, space.areas.count());
      assertTrue(space.populate(BASE + 2 * PAGE));
      assertEquals(
          PageContent.ofFile("f", isBroken ? 0x2000 : 0x8000), space.content(BASE + 2 * PAGE));
    }
  }

  /** Row 23: pages outside of what is unmapped stay, whatever was mapped and unmapped before. */
  @Test
  void law_munmapLeavesItsNeighboursAlone() {
    long seed = Long.getLong("test.seed", 20180214);
    System.out.println("MemoryDefectsTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    AddressSpace space = space();
    TreeSet<Long> present = new TreeSet<>();
    for (int step = 0; step < 3000; step++) {
      long start = random.nextInt(1100);
      long end = start + 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 6);
      if (random.nextBoolean()) {
        space.map(Area.anonymous(BASE + start * PAGE, BASE + end * PAGE, 3));
        present.subSet(start, end).clear();
        if (space.populate(BASE + start * PAGE)) {
          present.add(start);
        }
      } else {
        space.unmap(BASE + start * PAGE, BASE + end * PAGE);
        present.subSet(start, end).clear();
      }
      assertEquals(present.size(), space.pageTable.present(), "step " + step);
      for (long page : new long[] {start - 1, start, end - 1, end}) {
        assertEquals(present.contains(page), space.isPresent(BASE + page * PAGE), "step " + step);
      }
    }
  }

  @Test
  void f15_takesThePageBehind() {
    AddressSpace space = space("F-15");
    space.map(Area.anonymous(BASE, BASE + 4 * PAGE, 3));
    for (int page = 0; page < 4; page++) {
      assertTrue(space.populate(BASE + page * PAGE));
    }
    space.unmap(BASE, BASE + 2 * PAGE);
    assertFalse(space.isPresent(BASE + 2 * PAGE));
    assertTrue(space.isPresent(BASE + 3 * PAGE));
    assertEquals(1, space.areas.count());
  }
}
