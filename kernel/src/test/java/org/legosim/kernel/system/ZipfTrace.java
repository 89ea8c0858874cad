package org.legosim.kernel.system;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ProcessImage;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;

/**
 * One thread that reads pages by Zipf's law, exponent 1: the recipe whose exact LRU miss counts are
 * published. Ranks are scattered over the pages by a multiplication.
 */
final class ZipfTrace implements TraceImage {
  private static final long PAGE_BYTES = 4096;
  private static final long BASE = 0x10_0000_0000L;
  private static final int SCATTER = 611_953;

  /** Page of each request. */
  final int[] pages;

  private final int pageCount;

  ZipfTrace(int pageCount, int requests, long seed) {
    this.pageCount = pageCount;
    double[] cumulated = new double[pageCount];
    double sum = 0;
    for (int rank = 0; rank < pageCount; rank++) {
      sum += 1.0 / (rank + 1);
      cumulated[rank] = sum;
    }
    pages = new int[requests];
    long state = seed;
    for (int i = 0; i < requests; i++) {
      state += 0x9e3779b97f4a7c15L;
      double wanted = (mixed(state) >>> 11) * 0x1.0p-53 * sum;
      pages[i] = (int) ((long) firstAbove(cumulated, wanted) * SCATTER % pageCount);
    }
  }

  /** The finalizer of SplitMix64. */
  private static long mixed(long state) {
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private static int firstAbove(double[] cumulated, double wanted) {
    int low = 0;
    int high = cumulated.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulated[middle] > wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public String digest() {
    return "zipf";
  }

  @Override
  public String name() {
    return "zipf";
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.noneOf(Feature.class);
  }

  @Override
  public List<ProcessImage> processes() {
    Mapping all = new Mapping(BASE, BASE + pageCount * PAGE_BYTES, "rw-p", 0, "[heap]");
    return List.of(new ProcessImage(1, 0, "zipf", List.of(List.of(all))));
  }

  @Override
  public List<ThreadImage> threads() {
    return List.of(new ThreadImage(1, 1, pages.length, pages.length, pages.length, 0));
  }

  @Override
  public AccessSource open(int threadIndex) {
    return new AccessSource() {
      private int next;

      @Override
      public int next(AccessBatch batch) {
        if (next == pages.length) {
          return END;
        }
        batch.firstRecord = next;
        batch.count = Math.min(AccessBatch.CAPACITY, pages.length - next);
        for (int i = 0; i < batch.count; i++) {
          batch.address[i] = BASE + pages[next++] * PAGE_BYTES;
          batch.shape[i] = AccessBatch.shapeOf(AccessKind.LOAD, 8);
          batch.instructions[i] = 1;
        }
        return ACCESSES;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public GateCursor gates(int threadIndex, ReplayOrder order) {
    return new GateCursor() {
      @Override
      public long waitRecord() {
        return NEVER;
      }

      @Override
      public int onThread() {
        return 0;
      }

      @Override
      public long onRecord() {
        return NEVER;
      }

      @Override
      public void advanceWait() {}

      @Override
      public long sourceRecord() {
        return NEVER;
      }

      @Override
      public void advanceSource() {}
    };
  }

  @Override
  public long footprintPages() {
    return pageCount;
  }

  @Override
  public void close() {}
}
