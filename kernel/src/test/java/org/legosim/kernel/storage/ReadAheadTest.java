package org.legosim.kernel.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Windows as Linux works them out, by hand, for reads of one page. */
class ReadAheadTest {
  private final ReadAhead ahead = new ReadAhead(32);

  private String window(long page, boolean isMark, long cachedBefore) {
    ahead.window(page, 1, isMark, cached(cachedBefore, 0));
    return ahead.start() + "+" + ahead.size() + "/" + ahead.mark();
  }

  private static ReadAhead.History cached(long before, long behind) {
    return new ReadAhead.History() {
      @Override
      public long cachedBefore(long page, long max) {
        return Math.min(max, before);
      }

      @Override
      public long nextHole(long page, long max) {
        return page + Math.min(max, behind);
      }
    };
  }

  @Test
  void aMarkOfAnotherReader_goesOnBehindWhatIsCached() {
    ahead.window(50, 1, true, cached(0, 3));
    assertEquals(54, ahead.start());
    // four that were fetched ahead and the one that is wanted, doubled
    assertEquals(10, ahead.size());
    assertEquals(54, ahead.mark());
  }

  @Test
  void aSequentialReader_getsLargerWindows_eachBegunWhileTheOneBeforeIsRead() {
    assertEquals("0+4/1", window(0, false, 0));
    assertEquals("4+8/4", window(1, true, 0));
    assertEquals("12+16/12", window(4, true, 0));
    assertEquals("28+32/28", window(12, true, 0));
    assertEquals("60+32/60", window(28, true, 0));
  }

  @Test
  void aRandomReader_getsWhatItAsksFor() {
    assertEquals("1000+1/-1", window(1000, false, 0));
    ahead.read(1000);
    assertEquals("5+1/-1", window(5, false, 1));
    ahead.read(5);
    assertEquals("6+4/6", window(6, false, 1), "the next page begins a sequence");
  }

  @Test
  void withoutAHistoryOfItsOwn_theCachedPagesBeforeAreOne() {
    assertEquals("100+9/108", window(100, false, 8));
    assertEquals("8+17/24", new ReadAheadTest().window(8, false, 8));
  }

  @Test
  void noReadAhead_isOnlyWhatIsAskedFor() {
    ReadAhead none = new ReadAhead(0);
    none.window(0, 3, false, cached(0, 0));
    assertEquals(3, none.size());
    assertEquals(-1, none.mark());
  }
}
