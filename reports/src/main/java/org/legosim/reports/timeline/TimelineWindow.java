package org.legosim.reports.timeline;

import org.legosim.timing.ConfigException;

/**
 * What part of a run a timeline shows.
 *
 * @param fromPs first instant, simulated picoseconds
 * @param toPs first instant that is left out; {@link Long#MAX_VALUE} for the run's end
 * @param slicesMax slices after which the timeline is cut
 */
public record TimelineWindow(long fromPs, long toPs, long slicesMax) {
  public TimelineWindow {
    if (fromPs < 0 || toPs <= fromPs) {
      throw new ConfigException("the timeline would end at " + toPs + " ps and begin at " + fromPs
          + " ps: give it an end after its begin");
    }
    if (slicesMax < 1) {
      throw new ConfigException(
          "the timeline may have " + slicesMax + " slices: allow at least one");
    }
  }

  /** Everything, up to a number of slices. */
  public static TimelineWindow whole(long slicesMax) {
    return new TimelineWindow(0, Long.MAX_VALUE, slicesMax);
  }
}
