package org.legosim.trace.synth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TestTraces;

/** Synthetic traces for the tests of this package. */
final class Made {
  private Made() {}

  static Path file(Path folder, String kind, SynthOptions options) {
    Generator generator = Generators.find(kind).orElseThrow();
    return TestTraces.capture(
        folder.resolve(kind + ".ltrace"), writer -> generator.write(options, writer, done -> {}));
  }

  /** Data pages of a thread's first accesses, relative to the region that begins there. */
  static List<Long> pages(Path file, int thread, long region, int count) {
    List<Long> pages = new ArrayList<>();
    AccessBatch batch = new AccessBatch();
    try (LtraceFile trace = LtraceFile.open(file);
        AccessSource source = trace.open(thread)) {
      for (int kind = source.next(batch);
          kind != AccessSource.END && pages.size() < count;
          kind = source.next(batch)) {
        for (int i = 0; i < batch.count && pages.size() < count; i++) {
          pages.add((batch.address[i] - region) >> Scene.PAGE_SHIFT);
        }
      }
    }
    return pages;
  }
}
