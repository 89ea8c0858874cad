package org.legosim.reports.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import org.legosim.reports.store.ResultSet;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/** Compares what two paths hold: two result sets, or two JMH result files. */
public final class Comparer {
  private Comparer() {}

  /**
   * @param acrossHosts compare timings of unlike hosts or JVMs all the same
   * @throws TraceException when an input is missing, damaged or of another shape than the other
   * @throws ConfigException when a threshold names nothing
   */
  public static Comparison compare(
      Path base, Path head, Thresholds thresholds, boolean acrossHosts) {
    for (Path path : new Path[] {base, head}) {
      if (!Files.exists(path)) {
        throw new TraceException(path + ": no such result set or JMH result file");
      }
    }
    if (Files.isDirectory(base) != Files.isDirectory(head)) {
      throw new TraceException(
          base + " and " + head + ": name two result set folders, or two JMH result files");
    }
    return Files.isDirectory(base)
        ? new SetComparer(ResultSet.open(base), ResultSet.open(head), thresholds).compare()
        : new JmhComparer(base, head, thresholds, acrossHosts).compare();
  }
}
