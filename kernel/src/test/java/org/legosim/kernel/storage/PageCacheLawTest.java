package org.legosim.kernel.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The page cache against a list, with printed seeds. */
class PageCacheLawTest {
  private static final int CAPACITY = 50;

  @Test
  void keepsTheMostRecentlyUsed_whateverIsUsedAndDropped() {
    long seed = Long.getLong("test.seed", 20261125L);
    System.out.println("PageCacheLawTest runs with -Dtest.seed=" + seed);
    Random random = new Random(seed);
    PageCache cache = new PageCache(CAPACITY * 4096L, 4096);
    ArrayDeque<Long> slow = new ArrayDeque<>(); // oldest first
    for (int step = 0; step < 20_000; step++) {
      long key = PageCache.keyOf(random.nextInt(3), random.nextInt(40));
      int entry = cache.find(key);
      assertEquals(slow.contains(key), entry != PageCache.NONE, "step " + step);
      if (entry == PageCache.NONE) {
        if (cache.isFull()) {
          assertEquals(slow.removeFirst(), cache.key(cache.oldest()), "step " + step);
          cache.remove(cache.oldest());
        }
        cache.insert(key, step);
        slow.addLast(key);
      } else if (random.nextInt(10) == 0) {
        cache.remove(entry);
        slow.remove(key);
      } else {
        cache.touch(entry);
        slow.remove(key);
        slow.addLast(key);
      }
      assertEquals(slow.size(), cache.used());
    }
  }

  @Test
  void dirtyPages_areCounted_untilTheyGo() {
    PageCache cache = new PageCache(2 * 4096, 4096);
    int entry = cache.insert(PageCache.keyOf(0, 7), 0);
    cache.setDirty(entry, true);
    cache.setDirty(entry, true);
    assertEquals(1, cache.dirtyPages());
    cache.remove(entry);
    assertEquals(0, cache.dirtyPages());
    assertEquals(5, PageCache.fileOf(PageCache.keyOf(5, 1L << 30)));
    assertEquals(1L << 30, PageCache.pageOf(PageCache.keyOf(5, 1L << 30)));
  }
}
