package org.legosim.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** Layouts worked out by hand from the rules of the real kernel. */
class ImageLoaderTest {
  private static final long MIB = 1L << 20;

  /** What a capture of a small position-independent program looks like. */
  private static final List<Mapping> CAPTURED = List.of(
      new Mapping(0x4000000000L, 0x4000001000L, "r--p", 0, "/tmp/count"),
      new Mapping(0x4000001000L, 0x4000002000L, "r-xp", 4096, "/tmp/count"),
      new Mapping(0x4000003000L, 0x4000004000L, "rw-p", 8192, "/tmp/count"), // behind a hole
      new Mapping(0x4000004000L, 0x4000006000L, "rw-p", 0, "[anon]"), // its bss
      new Mapping(0x4002007000L, 0x4002807000L, "rw-p", 0, "[stack]"),
      new Mapping(0x4002807000L, 0x400283c000L, "r-xp", 0, "/lib/ld-linux-x86-64.so.2"),
      new Mapping(0x400283c000L, 0x400283d000L, "rw-p", 0, "[anon]"),
      new Mapping(0x4002847000L, 0x4002849000L, "rw-p", 0, "[anon]"),
      new Mapping(0x4002849000L, 0x4002a2d000L, "r-xp", 0, "/lib/libc.so.6"));

  private static ImagePlacement place(boolean isCacheAware) {
    return new ImageLoader(isCacheAware, null).place(CAPTURED, "count");
  }

  private static AddressSpace loaded(ImagePlacement image) {
    AddressSpace space = new AddressSpace("a", new PhysicalPages(64 * MIB));
    space.load(image);
    return space;
  }

  private static long map(AddressSpace space, long bytes) {
    long start = space.place(bytes);
    space.map(Area.anonymous(start, start + bytes, 3));
    return start;
  }

  private static long placeOf(ImagePlacement image, long captured) {
    long[] ranges = image.ranges();
    for (int i = 0; i < ranges.length; i += ImagePlacement.RANGE_LONGS) {
      if (ranges[i] <= captured && captured < ranges[i + 1]) {
        return ranges[i + 2] + captured - ranges[i];
      }
    }
    throw new AssertionError("0x" + Long.toHexString(captured) + " is in no range");
  }

  @Test
  void withoutCacheAwareness_allGoesTopDownBelowTheStacksRoom() {
    ImagePlacement image = place(false);
    // two thirds of 0x7ffffffff000, down to a page
    assertEquals(0x555555554000L, placeOf(image, 0x4000000000L));
    assertEquals(0x555555557000L, placeOf(image, 0x4000003000L));
    assertEquals(0x55555555a000L, image.breakBase());
    assertEquals(0x7fffff7ff000L, placeOf(image, 0x4002007000L)); // 8 MiB up to the top
    // 128 MiB below the top is 0x7ffff7fff000; the interpreter and its bss take 0x36000
    assertEquals(0x7ffff7fc9000L, placeOf(image, 0x4002807000L));
    assertEquals(0x7ffff7ffe000L, placeOf(image, 0x400283c000L));
    assertEquals(0x7ffff7fc7000L, placeOf(image, 0x4002847000L)); // 0x2000
    assertEquals(0x7ffff7de3000L, placeOf(image, 0x4002849000L)); // 0x1e4000
    AddressSpace space = loaded(image);
    assertEquals(0x7ffff7de2000L, map(space, 0x1000));
    assertEquals(0x7ffff7be2000L, map(space, 2 * MIB));
    assertEquals(0x7ffff7bdf000L, map(space, 0x3000));
    // the highest gap that is large enough comes first
    space.unmap(0x7ffff7be2000L, 0x7ffff7be3000L);
    assertEquals(0x7ffff7be2000L, map(space, 0x1000));
    assertEquals(0x7ffff7bde000L, map(space, 0x1000));
  }

  @Test
  void withCacheAwareness_aNewRangeBeginsAtAnotherOffset() {
    ImagePlacement image = place(true);
    assertEquals(0x555555554000L, placeOf(image, 0x4000000000L));
    // first range below the stack's GiB, from 0x7fff80000000; at |0 - 0x36000| in it
    assertEquals(0x7fff80036000L, placeOf(image, 0x4002807000L));
    // the rest fits above: top-down from the range's end
    assertEquals(0x7fffbfffe000L, placeOf(image, 0x4002847000L));
    assertEquals(0x7fffbfe1a000L, placeOf(image, 0x4002849000L));
    AddressSpace space = loaded(image);
    assertEquals(0x7fffbfe19000L, map(space, 0x1000));
    // 1 GiB: |0x3fe19000 - 0x40000000| = 0x1e7000 in a range of 2 GiB from 0x7fff00000000
    assertEquals(0x7fff001e7000L, map(space, 1024 * MIB));
    // 768 MiB fit below 0x7fffbfe19000
    assertEquals(0x7fff8fe19000L, map(space, 768 * MIB));
    // and once more above the GiB, which ends at 0x7fff401e7000
    assertEquals(0x7fff50000000L, map(space, 768 * MIB));
    // |0x10000000 - 0x30000000| = 0x20000000: 768 MiB from there need 2 GiB
    assertEquals(0x7ffea0000000L, map(space, 768 * MIB));
  }

  @Test
  void programInTheLowest2GiB_staysWhereItIsLinked_withItsHeapBehindIt() {
    List<Mapping> linked = List.of(
        new Mapping(0x400000, 0x4a0000, "r-xp", 0, "/bin/word_count"),
        new Mapping(0x6a0000, 0x6a4000, "rw-p", 0xa0000, "/bin/word_count"),
        new Mapping(0x6a4000, 0x6a8000, "rw-p", 0, "[anon]"),
        new Mapping(0x1000000, 0x1021000, "rw-p", 0, "[heap]"));
    ImagePlacement image = new ImageLoader(true, null).place(linked, "word_count");
    assertEquals(0x400000, placeOf(image, 0x400000));
    assertEquals(0x6a8000, placeOf(image, 0x1000000));
    assertEquals(0x6c9000, image.breakBase());
  }

  @Test
  void random_movesEachPartByItself_andIsTheSeeds() {
    List<Long> programs = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      ImagePlacement image = random(seed);
      assertArrayEquals(image.ranges(), random(seed).ranges());
      long stack = placeOf(image, 0x4002807000L - 1) + 1;
      long interpreter = placeOf(image, 0x4002807000L);
      programs.add(placeOf(image, 0x4000000000L));
      assertTrue(stack <= AddressSpace.TASK_END && stack > AddressSpace.TASK_END - (1L << 34));
      // 28 bits of pages below the room of the stack
      assertTrue(interpreter < AddressSpace.MAPPING_TOP - (1L << 34));
      assertTrue(interpreter >= AddressSpace.MAPPING_TOP - (1L << 34) - (1L << 40) - MIB);
      assertTrue(programs.get(programs.size() - 1) >= ImageLoader.PROGRAM_BASE);
      assertTrue(image.breakBase() - placeOf(image, 0x4000000000L) < 32 * MIB + 0x6000);
      // what the search placed keeps its order
      assertEquals(0x2000, interpreter - placeOf(image, 0x4002847000L));
      assertEquals(0, (stack | interpreter | image.breakBase()) & 0xfff);
    }
    assertEquals(20, programs.stream().distinct().count());
    assertNotEquals(programs.get(0), programs.get(1));
  }

  private static ImagePlacement random(long seed) {
    return new ImageLoader(false, new Simulation(seed).stream("addresses"))
        .place(CAPTURED, "count");
  }
}
