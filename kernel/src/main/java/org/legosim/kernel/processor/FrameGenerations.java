package org.legosim.kernel.processor;

import java.util.Arrays;

/** Which fill of each frame one CPU has last translated to. */
final class FrameGenerations {
  private final NodeServices services;
  private int[] seen = new int[1024];

  FrameGenerations(NodeServices services) {
    this.services = services;
  }

  /** True when the frame was filled anew since the last call for it. */
  boolean isNew(long frame) {
    int index = (int) frame;
    if (index >= seen.length) {
      seen = Arrays.copyOf(seen, Math.max(index + 1, 2 * seen.length));
    }
    int generation = services.generation(index);
    boolean isNew = seen[index] != generation;
    seen[index] = generation;
    return isNew;
  }
}
