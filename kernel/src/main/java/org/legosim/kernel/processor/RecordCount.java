package org.legosim.kernel.processor;

import java.util.function.LongConsumer;

/** Counts the records that a node's tasks have read, and tells a watcher now and then. */
final class RecordCount {
  private static final long RECORDS_PER_REPORT = 1 << 16;

  private LongConsumer watcher = records -> {};
  private long records;
  private long nextReport = RECORDS_PER_REPORT;

  void watch(LongConsumer newWatcher) {
    watcher = newWatcher;
  }

  void add(int read) {
    records += read;
    if (records >= nextReport) {
      nextReport = records + RECORDS_PER_REPORT;
      watcher.accept(records);
    }
  }
}
