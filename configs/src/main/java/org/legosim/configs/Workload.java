package org.legosim.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one point replays: one trace, or several at once as applications on one system.
 */
public record Workload(List<Item> items) {
  public Workload {
    items = List.copyOf(items);
  }

  /**
   * @param trace resolved against the folder of the sweep file
   * @param node index of the processor node that it runs on
   * @param startAtPs when its first thread starts, in picoseconds
   */
  public record Item(Path trace, int node, long startAtPs) {}

  /** Names of the traces' files, for people. */
  public String label() {
    return items.stream()
        .map(item -> String.valueOf(item.trace().getFileName()))
        .collect(Collectors.joining(" + "));
  }
}
