package org.legosim.timing.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.results.ProfilePoint;
import org.legosim.timing.results.ProfileRow;

/**
 * The profile points of all nodes of a machine. A point that is left costs what the kernel pays for it,
 * as part of the context's next step, so that switching the points on moves no step past another's.
 */
public final class Profile {
  /** No point is compiled in. */
  static final Profile OFF = new Profile(null);

  private static final Counter OFF_COUNTER = new Counter(null);

  private final @Nullable Cost cost;
  private final Map<String, Map<ProfilePoint, Counter>> counters = new LinkedHashMap<>();

  /**
   * @param cost two readings of the clock and two atomic additions; null when the points are off
   */
  public Profile(@Nullable Cost cost) {
    this.cost = cost;
  }

  /** The counter of a node's point, the same for all contexts of the node. */
  public Counter counter(String node, ProfilePoint point) {
    if (cost == null) {
      return OFF_COUNTER;
    }
    return counters
        .computeIfAbsent(node, n -> new EnumMap<>(ProfilePoint.class))
        .computeIfAbsent(point, p -> new Counter(cost));
  }

  /** Points that were met, node by node in the order of their names, points as they nest. */
  public List<ProfileRow> rows() {
    List<ProfileRow> rows = new ArrayList<>();
    counters.forEach((node, points) -> points.forEach((point, counter) -> {
      if (counter.count > 0) {
        rows.add(new ProfileRow(node, point, counter.count, counter.totalPs));
      }
    }));
    rows.sort(Comparator.comparing((ProfileRow row) -> row.node().charAt(0) == 'P' ? 0 : 1)
        .thenComparing(ProfileRow::node)
        .thenComparing(ProfileRow::point));
    return rows;
  }

  /** Times and time of one point of one node. */
  public static final class Counter {
    private final @Nullable Cost cost;
    private long count;
    private long totalPs;

    private Counter(@Nullable Cost cost) {
      this.cost = cost;
    }

    /** The present context leaves the point that it entered at {@code startPs}. */
    @HotPath
    public void leave(ExecutionContext context, long startPs) {
      if (cost != null) {
        add(context, context.nowPs() - startPs, cost);
      }
    }

    /** As {@link #leave}, for work that is charged at once and takes {@code ps}. */
    @HotPath
    public void passed(ExecutionContext context, long ps) {
      if (cost != null) {
        add(context, ps, cost);
      }
    }

    /** As {@link #leave}, for work whose time is a part of what calls it: it is counted alone. */
    public void counted() {
      count += cost == null ? 0 : 1;
    }

    private void add(ExecutionContext context, long ps, Cost charged) {
      count++;
      totalPs += ps;
      context.owe(charged.charge());
    }

    public long count() {
      return count;
    }
  }
}
