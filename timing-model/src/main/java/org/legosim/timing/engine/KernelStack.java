package org.legosim.timing.engine;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;

/** The kernel stack of one execution context: pooled frames, no allocation once warm. */
public final class KernelStack {
  private static final int DEPTH_MAX = 32;

  private final Frame[] frames = new Frame[DEPTH_MAX];
  private int depth;
  private @Nullable TimelineTrack track;

  /** Result of the path that ended last; its meaning is the path's own. */
  public long result;

  public KernelStack() {
    for (int level = 0; level < DEPTH_MAX; level++) {
      frames[level] = new Frame();
    }
  }

  /** Shows the paths on a timeline from now on. */
  void showOn(@Nullable TimelineTrack timelineTrack) {
    track = timelineTrack;
  }

  public boolean isEmpty() {
    return depth == 0;
  }

  public int depth() {
    return depth;
  }

  /** Pushes a path; the caller fills its argument slots and then returns {@link KernelPath#CALL}. */
  @HotPath
  public Frame call(KernelPath path) {
    if (depth == DEPTH_MAX) {
      throw new ModelException("kernel stack overflow: " + describe());
    }
    Frame frame = frames[depth++];
    frame.path = path;
    frame.step = 0;
    return frame;
  }

  /**
   * Runs the top frame and its callers until one waits or the stack is empty.
   *
   * @return {@link KernelPath#WAIT} or {@link KernelPath#DONE}
   */
  @HotPath
  public int run() {
    return track == null ? runPaths() : runShown(track);
  }

  @HotPath
  private int runPaths() {
    while (depth > 0) {
      int before = depth;
      Frame top = frames[depth - 1];
      int outcome = top.path.resume(top);
      if (outcome == KernelPath.WAIT) {
        return KernelPath.WAIT;
      }
      if (outcome == KernelPath.DONE) {
        checkTop(top, before);
        depth--;
      }
    }
    return KernelPath.DONE;
  }

  /** As {@link #runPaths}, and tells the timeline. */
  private int runShown(TimelineTrack timelineTrack) {
    timelineTrack.endWait();
    while (depth > 0) {
      Frame top = frames[depth - 1];
      if (!top.isShown && top.path.isShown()) {
        top.isShown = true;
        timelineTrack.beginPath(top);
      }
      int before = depth;
      int outcome = top.path.resume(top);
      if (outcome == KernelPath.WAIT) {
        if (top.isShown) {
          timelineTrack.beginWait();
        }
        return KernelPath.WAIT;
      }
      if (outcome == KernelPath.DONE) {
        checkTop(top, before);
        if (top.isShown) {
          top.isShown = false;
          timelineTrack.endPath(top);
        }
        depth--;
      }
    }
    return KernelPath.DONE;
  }

  private void checkTop(Frame top, int before) {
    if (depth != before) {
      throw new ModelException(top.path.name() + " ended above a frame that it pushed");
    }
  }

  /** The stack from the innermost path outwards. */
  public String describe() {
    StringBuilder out = new StringBuilder();
    for (int level = depth - 1; level >= 0; level--) {
      Frame frame = frames[level];
      out.append(frame.path.name())
          .append(" (")
          .append(frame.path.stepName(frame.step))
          .append(level == 0 ? ")" : ") < ");
    }
    return out.toString();
  }
}
