package org.legosim.configs;

import java.nio.file.Path;
import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/**
 * A sweep file as read: machines, workloads, axes, conditions and seeds. {@link #plan} turns it into
 * points.
 *
 * @param name the file's name without its ending
 * @param description one line for people; may be empty
 * @param machines one configuration each, fixed settings applied
 * @param workloads one axis value each
 * @param steps groups of axes; the axes of a group advance in step
 * @param conditions points for which one does not hold are left out
 * @param seeds of the runs of each point
 */
public record SweepSpec(
    String name,
    String description,
    List<EffectiveConfig> machines,
    List<Workload> workloads,
    List<List<SweepAxis>> steps,
    List<SweepCondition> conditions,
    List<Long> seeds) {
  /** The most points that one plan may have. */
  public static final int MAX_POINTS = 100_000;

  public SweepSpec {
    machines = List.copyOf(machines);
    workloads = List.copyOf(workloads);
    steps = steps.stream().map(List::copyOf).toList();
    conditions = List.copyOf(conditions);
    seeds = List.copyOf(seeds);
  }

  /**
   * @throws ConfigException when the file asks for what is not allowed, with the place
   * @throws TraceException when the file itself is missing or unreadable
   */
  public static SweepSpec read(Path file, Machines machines) {
    return SweepParser.read(file, machines);
  }

  /**
   * All points, in an order that depends on the file alone: machines, then workloads, then the axes
   * as listed, the last one fastest, then seeds.
   *
   * @param footprints asked only when a share of a footprint is swept or compared with
   * @throws ConfigException when a point's configuration breaks a rule, or two points are the same
   */
  public List<SweepPoint> plan(Footprints footprints) {
    return new SweepPlanner(this, footprints).points();
  }
}
