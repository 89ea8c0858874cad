package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ranges against one number per page. */
class KnownMappingsTest {
  private static final int PAGES = 40;
  private static final long PAGE = 4096;

  @Test
  void ranges_areWhatAnArrayOfPagesIs() {
    long seed = Long.getLong("test.seed", 11);
    System.out.println("mappings run with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    KnownMappings mappings = new KnownMappings();
    long[] objects = new long[2 * PAGES];
    long[] offsets = new long[2 * PAGES];
    Arrays.fill(objects, -1);
    for (int step = 1; step < 3_000; step++) {
      int at = random.nextInt(PAGES);
      int count = 1 + random.nextInt(8);
      if (random.nextInt(3) == 0) {
        mappings.remove(at * PAGE, (at + count) * PAGE);
        Arrays.fill(objects, at, at + count, -1);
      } else {
        long object = random.nextInt(4);
        mappings.add(at * PAGE, (at + count) * PAGE, object);
        Arrays.fill(objects, at, at + count, object);
        for (int page = at; page < at + count; page++) {
          offsets[page] = (page - at) * PAGE;
        }
      }
      compare(mappings, objects, offsets, "seed " + seed + " step " + step);
    }
  }

  private static void compare(
      KnownMappings mappings, long[] objects, long[] offsets, String where) {
    for (int page = 0; page < PAGES; page++) {
      long address = page * PAGE + 12;
      assertEquals(objects[page] >= 0, mappings.explains(address), where);
      assertEquals(Math.max(0, objects[page]), mappings.objectAt(address), where);
      long offset = objects[page] > 0 ? offsets[page] + 12 : address;
      assertEquals(offset, mappings.offsetAt(address), where);
    }
  }

  @Test
  void aMove_keepsTheObjectAndGrows() {
    KnownMappings mappings = new KnownMappings();
    mappings.add(0x1000, 0x4000, 5);
    mappings.move(0x2000, 0x2000, 0x9000, 0x3000);
    assertEquals(0x1000, mappings.offsetAt(0x9000));
    assertEquals(0x3008, mappings.offsetAt(0xb008));
    assertEquals(5, mappings.objectAt(0xbfff));
    assertEquals(false, mappings.explains(0x2000));
    assertEquals(true, mappings.explains(0x1fff));
  }
}
