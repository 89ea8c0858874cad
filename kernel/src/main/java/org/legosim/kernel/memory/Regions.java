package org.legosim.kernel.memory;

import java.util.Arrays;
import org.legosim.timing.InvariantViolation;

/**
 * Which memory node owns which 2^30-byte range of an address space, as its home node keeps it, and
 * what is mapped in the ranges of other nodes. A range has an owner from the first mapping that touches it
 * until nothing is mapped in it; the processor node takes a range without owner for the home node's.
 *
 * <p>Source: LegoOS {@code managers/memory/vm/dist_mmap.c}, {@code VM_GRANULARITY_ORDER} 30.
 */
final class Regions {
  static final int SHIFT = 30;
  static final long RANGE_BYTES = 1L << SHIFT;
  private static final int RANGES = 1 << (47 - SHIFT);

  /** Node 0 is the processor node and owns no range. */
  private static final short NOBODY = 0;

  final int home;
  final Areas remote = new Areas();
  private final short[] owner = new short[RANGES];

  /** Changes that the processor node has not been told: node, start, bytes of each. */
  private long[] changes = new long[0];

  Regions(int home) {
    this.home = home;
  }

  private static int index(long address) {
    return (int) (address >>> SHIFT);
  }

  private static int indexUp(long address) {
    return (int) ((address + RANGE_BYTES - 1) >>> SHIFT);
  }

  boolean isOwned(long address) {
    return owner[index(address)] != NOBODY;
  }

  /** The node that answers for an address. */
  int nodeOf(long address) {
    int node = owner[index(address)];
    return node == NOBODY ? home : node;
  }

  /** End of the part of [start, end) whose addresses have the node of {@code start}. */
  long partEnd(long start, long end) {
    int node = nodeOf(start);
    long at = start;
    while (at < end && nodeOf(at) == node) {
      at = (at & -RANGE_BYTES) + RANGE_BYTES;
    }
    return Math.min(at, end);
  }

  /** True when a mapping at [start, end) needs a range that nobody owns. */
  boolean needsRange(long start, long end) {
    for (int range = index(start); range < indexUp(end); range++) {
      if (owner[range] == NOBODY) {
        return true;
      }
    }
    return false;
  }

  /** Gives those ranges of [start, end) that nobody owns to {@code node}. */
  void claim(long start, long end, int node) {
    for (int range = index(start); range < indexUp(end); range++) {
      if (owner[range] == NOBODY) {
        owner[range] = (short) node;
        if (node != home) {
          changed(range, node);
        }
      }
    }
  }

  /** Takes back those ranges touched by [start, end) in which nothing is mapped any more. */
  void releaseEmpty(long start, long end, Areas local) {
    for (int range = index(start); range < indexUp(end); range++) {
      long from = (long) range << SHIFT;
      if (owner[range] != NOBODY
          && local.covered(from, from + RANGE_BYTES) == 0
          && remote.covered(from, from + RANGE_BYTES) == 0) {
        if (owner[range] != home) {
          changed(range, home);
        }
        owner[range] = NOBODY;
      }
    }
  }

  private void changed(int range, int node) {
    int last = changes.length - 3;
    long start = (long) range << SHIFT;
    if (last >= 0 && changes[last] == node && changes[last + 1] + changes[last + 2] == start) {
      changes[last + 2] += RANGE_BYTES;
      return;
    }
    changes = Arrays.copyOf(changes, last + 6);
    changes[last + 3] = node;
    changes[last + 4] = start;
    changes[last + 5] = RANGE_BYTES;
  }

  /** What the next reply to the processor node carries. */
  long[] takeChanges() {
    long[] taken = changes;
    changes = new long[0];
    return taken;
  }

  /** Forgets everything: a new program begins, with a fresh map at the processor node. */
  void clear() {
    Arrays.fill(owner, NOBODY);
    remote.remove(0, AddressSpace.TASK_END);
    changes = new long[0];
  }

  /** A forked child has its parent's owners; the processor node copies its own map. */
  Regions copy() {
    Regions copy = new Regions(home);
    System.arraycopy(owner, 0, copy.owner, 0, RANGES);
    for (int area = 0; area < remote.count(); area++) {
      copy.remote.insert(remote.get(area));
    }
    return copy;
  }

  /** True when {@code node} owns a range. */
  boolean hasPartAt(int node) {
    for (short one : owner) {
      if (one == node) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where {@code bytes} fit for {@code node}: into a range that it owns already, the highest first, or
   * else at the end of new ranges; 0 when there is no room.
   */
  long place(long bytes, int node, Areas local, long bottom, long top) {
    for (int range = index(top); range >= 0; range--) {
      if (owner[range] == node) {
        long from = Math.max(bottom, (long) range << SHIFT);
        long start = gap(bytes, local, from, Math.min(top, ((long) range + 1) << SHIFT));
        if (start != 0) {
          return start;
        }
      }
    }
    int wanted = indexUp(bytes);
    int free = 0;
    for (int range = index(top) - 1; range > 0; range--) {
      free = owner[range] == NOBODY ? free + 1 : 0;
      if (free == wanted) {
        return (((long) range + wanted) << SHIFT) - bytes;
      }
    }
    return 0;
  }

  /**
   * Checks what a node has of the address space.
   *
   * @param mayHaveMore pages are mapped by touches, which the home node does not hear of, and which
   *     can be on their way while their range gets another node
   */
  void verifyPart(int node, Areas areas, boolean mayHaveMore) {
    long bytes = 0;
    for (int index = 0; !mayHaveMore && index < areas.count(); index++) {
      Area area = areas.get(index);
      if (nodeOf(area.start()) != node || partEnd(area.start(), area.end()) != area.end()) {
        throw new InvariantViolation("node " + node + " has " + area
            + " in a range of 1 GiB that belongs to node " + nodeOf(area.start()));
      }
      bytes += area.end() - area.start();
    }
    long expected = node == home ? bytes : 0;
    for (int index = 0; node != home && index < remote.count(); index++) {
      Area area = remote.get(index);
      for (long at = area.start(); at < area.end(); at = partEnd(at, area.end())) {
        long end = partEnd(at, area.end());
        if (nodeOf(at) == node) {
          expected += end - at;
          if (areas.covered(at, end) != end - at) {
            throw new InvariantViolation("node " + node + " lacks a part of " + area
                + ", which its home node believes to be there");
          }
        }
      }
    }
    if (bytes != expected && !mayHaveMore) {
      throw new InvariantViolation("node " + node + " has " + bytes + " bytes mapped, its home node"
          + " knows of " + expected);
    }
  }

  /** The highest gap that neither the home node's areas nor the others' reach into. */
  private long gap(long bytes, Areas local, long bottom, long top) {
    long end = top;
    while (true) {
      long here = local.highestGap(bytes, bottom, end);
      long there = here == 0 ? 0 : remote.highestGap(bytes, bottom, here + bytes);
      if (there == here || there == 0) {
        return there;
      }
      end = there + bytes;
    }
  }
}
