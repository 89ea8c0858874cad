package org.legosim.trace.pack;

import java.util.Comparator;

/** An address space: one image of one process. A child that shares its parent's is taken for a copy. */
record SpaceKey(int pid, int image) implements Comparable<SpaceKey> {
  private static final Comparator<SpaceKey> ORDER =
      Comparator.comparingInt(SpaceKey::pid).thenComparingInt(SpaceKey::image);

  @Override
  public int compareTo(SpaceKey other) {
    return ORDER.compare(this, other);
  }
}
