package org.legosim.experiments;

import java.util.ArrayList;
import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.kernel.system.Application;
import org.legosim.kernel.system.LegoSystem;
import org.legosim.kernel.system.RunOptions;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;

/**
 * One thread reads or writes a large file in pieces; each write is followed by an fsync. On Linux the
 * drive is the machine's own; on LegoOS the pieces go through a memory node, whose cache of the file is
 * cold, to a storage node. There a write ends at the memory node and an fsync takes it on.
 *
 * <p>Reads go to the drive one by one: with the kernel's read-ahead of 128 KiB this drive gives a
 * sequential reader several times what was measured.
 */
final class StorageThroughput implements Experiment {
  private static final int CALLS = 4000;
  private static final double NS_PER_MS = 1e6;

  @Override
  public Iterable<String> settings(MeasuredRow row) {
    List<String> settings = new ArrayList<>();
    settings.add("caches.model=off");
    settings.add("storage.nodes=1");
    settings.add("storage.readAhead=0 B");
    if (isLinux(row)) {
      settings.add("processor.memory=local");
      settings.add("processor.pinnedCpus=0");
    } else {
      // as the real node does: its worker waits for the storage node
      settings.add("faults=[F-28]");
      settings.add("memory.pageCache=on");
      settings.add("memory.pageCacheLine=4 KiB");
    }
    return settings;
  }

  private static boolean isLinux(MeasuredRow row) {
    return row.text("system", "").equals("linux");
  }

  @Override
  public double predict(MeasuredRow row, EffectiveConfig config) {
    String pattern = row.text("pattern", "");
    boolean isRandom = pattern.startsWith("random-");
    boolean writes = pattern.endsWith("-write");
    if (!isRandom && !pattern.startsWith("sequential-")) {
      throw new UnknownPointException("pattern " + pattern + " is neither sequential nor random");
    }
    int bytes = Math.toIntExact(row.number("bytes", 4096));
    FileCallsTrace trace = new FileCallsTrace(CALLS, bytes, isRandom, writes);
    RunIdentity identity = new RunIdentity(config.digest(), trace.digest(), "", 0);
    RunResult result = new LegoSystem(Systems.bind(config), RunOptions.of(identity))
        .load(new Application(trace, 0))
        .run();
    return CALLS / (result.metrics().getLong("simulated_time_ns") / NS_PER_MS);
  }
}
