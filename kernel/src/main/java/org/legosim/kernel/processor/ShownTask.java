package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.TimelineTrack;

/** The running task's slice on its CPU's track of the timeline, around those of its kernel paths. */
final class ShownTask {
  private final @Nullable TimelineTrack track;
  private @Nullable Task shown;

  /**
   * @param track null when nobody watches
   */
  ShownTask(@Nullable TimelineTrack track) {
    this.track = track;
  }

  /** The task runs; begins its slice unless it is there already. */
  void show(Task task) {
    if (shown == task) {
      return;
    }
    shown = task;
    if (track != null) {
      track.begin(task.process.image().name() + " " + task.tid, "pid", task.process.tgid());
    }
  }

  /** The running task has lost its CPU. */
  void end() {
    shown = null;
    if (track != null) {
      track.end();
    }
  }
}
