package org.legosim.experiments;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ProcessImage;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.Sites;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;

/**
 * The published microbenchmark as a trace made on the fly: each thread stores once into each page of
 * its own 2 MiB-aligned region, in sequence.
 */
final class PageTouchTrace implements TraceImage {
  /** How the heap comes to be. */
  enum Heap {
    /** A mapping of the program image: no call, no zero-fill marks. */
    MAPPED_AT_START,
    /** Each thread maps its region anonymously first, which marks it for zero-fill. */
    MAPPED_BY_CALL,
    /** The same, each region in a range of 1 GiB of its own, which a memory node owns as a whole. */
    MAPPED_APART
  }

  /** Of a thread that waits for no other. */
  static final GateCursor NO_GATES = new GateCursor() {
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
      return 0;
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

  private static final int MMAP = 9;
  private static final long MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final long PROTECTION_READ_WRITE = 3;
  private static final long PAGE_BYTES = 4096;
  private static final long ALIGNMENT_BYTES = 2L << 20;
  private static final long RANGE_BYTES = 1L << 30;
  private static final long BASE = 0x100000000L;
  private static final int STORE_BYTES = 8;
  /** A loop of an increment, a compare and a store. */
  private static final int INSTRUCTIONS_PER_TOUCH = 3;

  private final int threads;
  private final int pages;
  private final Heap heap;

  PageTouchTrace(int threads, int pages, Heap heap) {
    this.threads = threads;
    this.pages = pages;
    this.heap = heap;
  }

  private long regionBytes() {
    long bytes = pages * PAGE_BYTES;
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
  }

  private long start(int thread) {
    return BASE + thread * (heap == Heap.MAPPED_APART ? RANGE_BYTES : regionBytes());
  }

  @Override
  public String digest() {
    return "touch-" + threads + "-" + pages + "-" + heap;
  }

  @Override
  public String name() {
    return "page touches";
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.of(Feature.MAPPINGS, Feature.SYSCALLS, Feature.INSTRUCTION_COUNTS);
  }

  @Override
  public List<ProcessImage> processes() {
    List<Mapping> mappings = new ArrayList<>();
    if (heap == Heap.MAPPED_AT_START) {
      for (int thread = 0; thread < threads; thread++) {
        mappings.add(
            new Mapping(start(thread), start(thread) + pages * PAGE_BYTES, "rw-p", 0, "[anon]"));
      }
    }
    return List.of(new ProcessImage(1, 0, "touch", List.of(mappings)));
  }

  @Override
  public List<ThreadImage> threads() {
    List<ThreadImage> images = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      images.add(
          new ThreadImage(1, 1 + thread, pages, pages, (long) pages * INSTRUCTIONS_PER_TOUCH, 0));
    }
    return images;
  }

  @Override
  public AccessSource open(int threadIndex) {
    return new Touches(start(threadIndex));
  }

  private final class Touches implements AccessSource {
    private final long start;
    private long record;
    private int page;
    private int calls;

    Touches(long start) {
      this.start = start;
      this.calls = heap == Heap.MAPPED_AT_START ? 2 : 0;
    }

    @Override
    public int next(AccessBatch batch) {
      batch.firstRecord = record;
      batch.count = 0;
      if (calls < 2) {
        return call(batch);
      }
      while (page < pages && batch.count < AccessBatch.CAPACITY) {
        batch.address[batch.count] = start + page++ * PAGE_BYTES;
        batch.shape[batch.count] = AccessBatch.shapeOf(AccessKind.STORE, STORE_BYTES);
        batch.instructions[batch.count] = INSTRUCTIONS_PER_TOUCH;
        batch.site[batch.count] = Sites.UNKNOWN;
        batch.count++;
      }
      record += batch.count;
      return batch.count == 0 ? END : ACCESSES;
    }

    private int call(AccessBatch batch) {
      boolean enters = calls++ == 0;
      batch.eventKind = enters ? EventKind.SYSCALL_ENTER : EventKind.SYSCALL_RETURN;
      batch.eventNumber = MMAP;
      batch.eventInstructions = 0;
      long[] arguments = {0, pages * PAGE_BYTES, PROTECTION_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0
      };
      System.arraycopy(arguments, 0, batch.eventArguments, 0, arguments.length);
      batch.eventResult = start;
      record++;
      return EVENT;
    }

    @Override
    public void close() {}
  }

  @Override
  public GateCursor gates(int threadIndex, ReplayOrder order) {
    return NO_GATES;
  }

  @Override
  public long footprintPages() {
    return (long) threads * pages;
  }

  @Override
  public void close() {}
}
