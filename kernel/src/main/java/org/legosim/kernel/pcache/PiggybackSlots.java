package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.HotPath;

/**
 * One slot per CPU for an evicted dirty line that waits for the CPU's next fill. The page's identity
 * stays here after the line was taken, until that fill has sent it: a CPU does one thing at a time.
 */
@HotPath
final class PiggybackSlots {
  private int[] line = new int[0];
  private int[] tgid = new int[0];
  private int[] node = new int[0];
  private long[] address = new long[0];
  private long[] sectors = new long[0];

  /** Judges every move; null unless everything is checked always. */
  @Nullable
  PcacheWatch watch;

  void park(int cpu, int parkedLine, int ownerTgid, long page, int ownerNode, long dirty) {
    if (cpu >= line.length) {
      grow(cpu);
    }
    if (line[cpu] != Lines.NONE) {
      throw new InvariantViolation(
          "CPU " + cpu + " parks line " + parkedLine + " on line " + line[cpu] + " in its slot");
    }
    line[cpu] = parkedLine;
    tgid[cpu] = ownerTgid;
    address[cpu] = page;
    node[cpu] = ownerNode;
    sectors[cpu] = dirty;
    if (watch != null) {
      watch.parked(parkedLine);
    }
  }

  /** The parked line of a CPU, or {@link Lines#NONE}. */
  int line(int cpu) {
    return cpu < line.length ? line[cpu] : Lines.NONE;
  }

  /** Takes the parked line, which exists. */
  int take(int cpu) {
    int taken = line[cpu];
    line[cpu] = Lines.NONE;
    if (watch != null) {
      watch.unparked(taken);
    }
    return taken;
  }

  int tgid(int cpu) {
    return tgid[cpu];
  }

  long address(int cpu) {
    return address[cpu];
  }

  int node(int cpu) {
    return node[cpu];
  }

  /** The sectors that are to be written back. */
  long sectors(int cpu) {
    return sectors[cpu];
  }

  int cpus() {
    return line.length;
  }

  private void grow(int cpu) {
    int before = line.length;
    line = Arrays.copyOf(line, cpu + 1);
    Arrays.fill(line, before, cpu + 1, Lines.NONE);
    tgid = Arrays.copyOf(tgid, cpu + 1);
    node = Arrays.copyOf(node, cpu + 1);
    address = Arrays.copyOf(address, cpu + 1);
    sectors = Arrays.copyOf(sectors, cpu + 1);
  }
}
