package org.legosim.reports.timeline;

import java.util.Arrays;
import org.legosim.timing.ModelException;

/** A track: its place in the file, and its slices that have begun and not ended. */
final class OpenSlices {
  final int process;
  final int thread;
  private String[] names = new String[8];
  private long[] beginsPs = new long[8];
  private int depth;

  OpenSlices(int process, int thread) {
    this.process = process;
    this.thread = thread;
  }

  void push(String quotedName, long beginPs) {
    if (depth == names.length) {
      names = Arrays.copyOf(names, 2 * depth);
      beginsPs = Arrays.copyOf(beginsPs, 2 * depth);
    }
    names[depth] = quotedName;
    beginsPs[depth++] = beginPs;
  }

  void pop() {
    if (depth == 0) {
      throw new ModelException("track " + thread + " of a timeline ends a slice that never began");
    }
    depth--;
  }

  int depth() {
    return depth;
  }

  String name(int level) {
    return names[level];
  }

  long beginPs(int level) {
    return beginsPs[level];
  }
}
