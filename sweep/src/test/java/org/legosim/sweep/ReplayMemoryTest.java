package org.legosim.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.Machines;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.TracePacker;
import org.legosim.trace.Traces;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * Memory of a replay, from the packed file to the result: nothing is allocated per access, and a
 * trace ten times as long needs no more heap. The traces touch the same pages; the longer one
 * goes round ten times as often.
 */
class ReplayMemoryTest {
  private static final int THREADS = 2;
  private static final int PAGES = 128;
  /** Enough for blocks of full length. */
  private static final int SHORT_ROUNDS = 60;

  private static final int TIMES = 10;
  /** Per million accesses: a block of some hundred thousand may cost a few objects. */
  private static final long LIMIT_BYTES = 2000;

  private static final int ACCESSES_PER_PAGE = 20;
  private static final long FIRST_PAGE = 0x7f00_0000_0000L;

  @TempDir
  static Path folder;

  private static Path shorter = Path.of("");
  private static Path longer = Path.of("");

  @BeforeAll
  static void writeTraces() throws IOException {
    shorter = write("shorter", SHORT_ROUNDS);
    longer = write("longer", TIMES * SHORT_ROUNDS);
  }

  private static Path write(String name, int rounds) throws IOException {
    Path capture = folder.resolve(name + ".capture");
    try (FileChannel channel =
            FileChannel.open(capture, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        LtraceWriter writer =
            new LtraceWriter(channel, name, new FileHeader(false, false, 62, 0))) {
      writer.process(new ProcessBlock(1, 1, 0, name, List.of()));
      List<ThreadWriter> threads = new ArrayList<>();
      for (int tid = 1; tid <= THREADS; tid++) {
        threads.add(writer.thread(1, tid));
      }
      for (int round = 0; round < rounds; round++) {
        for (ThreadWriter thread : threads) {
          addRound(thread, round);
        }
      }
      threads.forEach(ThreadWriter::exit);
    }
    Path packed = folder.resolve(name + ".ltrace");
    new TracePacker(TracePacker.Options.DEFAULT).pack(capture, packed);
    Files.delete(capture);
    return packed;
  }

  /** Walks over the thread's pages; half of the accesses go to one page that is always hot. */
  private static void addRound(ThreadWriter thread, int round) {
    long base = FIRST_PAGE + ((long) thread.tid() << 32);
    for (int page = 0; page < PAGES; page++) {
      for (int i = 0; i < ACCESSES_PER_PAGE; i++) {
        long offset = (page * 37L + i * 1001L + round * 640L) & 0xff8;
        boolean isHot = i % 2 == 0;
        int kind = i % 5 == 0 ? AccessKind.STORE : AccessKind.LOAD;
        thread.access(kind, 8, base + (isHot ? 0 : page * 4096L) + offset, 3, 0x401000 + 4 * i);
      }
    }
  }

  private static EffectiveConfig config(String caches, String pcache) {
    return Machines.find(KnownParameters.catalog())
        .load(
            "legoos-osdi18",
            List.of(
                "caches.model=" + caches,
                "tlb.model=" + caches,
                "pcache.size=" + pcache,
                "memory.mapOnTouch=on"));
  }

  private static RunResult replay(EffectiveConfig config, Path trace, RunOptions.Progress watch) {
    try (TraceImage image = Traces.open(trace)) {
      return PointSimulator.run(
          config, List.of(new Application(image, 0)), 1, EventLog.NONE, watch);
    }
  }

  /** All pages fit, or each round misses on most of them. */
  @ParameterizedTest
  @CsvSource({
    "off,       512 MiB",
    "off,       512 KiB",
    "hierarchy, 512 MiB",
    "hierarchy, 512 KiB",
  })
  void accesses_allocateNothing(String caches, String pcache) {
    EffectiveConfig config = config(caches, pcache);
    replay(config, longer, RunOptions.Progress.NONE); // warm-up of the compiler
    long bytes = Long.MAX_VALUE;
    for (int run = 0;
        run < 3 && bytes >= LIMIT_BYTES;
        run++) { // the compiler adds some bytes when it changes its mind
      bytes = Math.min(bytes, bytesPerMillionAccesses(config));
    }
    assertTrue(bytes < LIMIT_BYTES, bytes + " bytes per million accesses");
  }

  /** What the simulating thread allocates in the last three quarters of a run. */
  private static long bytesPerMillionAccesses(EffectiveConfig config) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long warm = accessesOf(longer) / 4;
    long[] records = new long[2];
    long[] bytes = new long[2];
    replay(config, longer, done -> {
      int at = done < warm ? 0 : 1;
      records[at] = done;
      bytes[at] = threads.getThreadAllocatedBytes(id);
    });
    long accesses = records[1] - records[0];
    assertTrue(accesses > accessesOf(longer) / 2, "the run was not watched");
    return (bytes[1] - bytes[0]) * 1_000_000 / accesses;
  }

  /** The heap in use after a collection, at its largest, looked at some twenty times in each run. */
  @Test
  void aTraceTenTimesAsLong_needsNoMoreHeap() {
    EffectiveConfig config = config("off", "512 KiB");
    largestHeapBytes(config, shorter); // warm-up
    long fewer = largestHeapBytes(config, shorter);
    long more = largestHeapBytes(config, longer);
    assertTrue(fewer > 1 << 20, "the heap was not looked at: " + fewer + " bytes");
    // the longer trace's records, decoded, would be 50 MiB more
    assertTrue(more - fewer < 2 << 20, fewer + " bytes became " + more);
  }

  private static long largestHeapBytes(EffectiveConfig config, Path trace) {
    long between = accessesOf(trace) / 20;
    long[] nextLook = {between};
    long[] largest = {0};
    replay(config, trace, records -> {
      if (records >= nextLook[0]) {
        nextLook[0] = records + between;
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        largest[0] = Math.max(largest[0], memory.getHeapMemoryUsage().getUsed());
      }
    });
    return largest[0];
  }

  private static long accessesOf(Path trace) {
    try (TraceImage image = Traces.open(trace)) {
      return image.threads().stream().mapToLong(thread -> thread.accesses()).sum();
    }
  }

  @Test
  void traces_differInLengthOnly() {
    assertEquals((long) THREADS * PAGES * ACCESSES_PER_PAGE * SHORT_ROUNDS, accessesOf(shorter));
    assertEquals(TIMES * accessesOf(shorter), accessesOf(longer));
  }
}
