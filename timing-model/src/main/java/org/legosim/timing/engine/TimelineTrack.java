package org.legosim.timing.engine;

import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/**
 * The track of one execution context, present only when a run is shown on a timeline. Kernel paths
 * appear on it by themselves: a path is a slice from its first step to its end, and a wait for
 * another actor is a slice within it. A path that is called below another one begins when its own
 * first step runs.
 */
public final class TimelineTrack {
  private final Timeline timeline;
  private final ExecutionContext context;
  private final int track;
  private final SliceDetails details = new SliceDetails();
  private boolean isWaiting;

  TimelineTrack(Timeline timeline, ExecutionContext context, Timeline.Kind kind) {
    this.timeline = timeline;
    this.context = context;
    this.track = timeline.addTrack(context.name(), kind);
  }

  /** Begins a slice now. */
  public void begin(String name, String key, long number) {
    timeline.begin(track, context.nowPs(), details.reset(name).number(key, number));
  }

  /** Ends the innermost open slice now. */
  public void end() {
    timeline.end(track, context.nowPs(), details.reset(""));
  }

  /** A whole slice that ends now, on a track whose paths are not shown. */
  public void endedSlice(long startPs, String name) {
    timeline.slice(track, startPs, context.nowPs(), details.reset(name));
  }

  /** Begins an arrow in the innermost open slice, and gives its number. */
  public long beginArrow() {
    long arrow = timeline.newArrow();
    timeline.flow(track, context.nowPs(), Timeline.Flow.BEGIN, arrow);
    return arrow;
  }

  /** Ends an arrow in the innermost open slice; 0 is none. */
  public void endArrow(long arrow) {
    if (arrow != 0) {
      timeline.flow(track, context.nowPs(), Timeline.Flow.END, arrow);
    }
  }

  void beginPath(Frame frame) {
    KernelPath path = frame.path;
    path.showBegin(frame, details.reset(path.name()));
    timeline.begin(track, context.nowPs(), details);
  }

  void endPath(Frame frame) {
    frame.path.showEnd(frame, details.reset(frame.path.name()));
    timeline.end(track, context.nowPs(), details);
  }

  void beginWait() {
    if (!context.waitsForTime()) {
      isWaiting = true;
      timeline.begin(track, context.nowPs(), details.reset("wait: " + context.waitingFor()));
    }
  }

  void endWait() {
    if (isWaiting) {
      isWaiting = false;
      end();
    }
  }
}
