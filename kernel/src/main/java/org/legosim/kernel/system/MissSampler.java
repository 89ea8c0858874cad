package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.legosim.kernel.pcache.FaultKind;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.MissSample;
import org.legosim.timing.results.TimeCategory;

/**
 * Keeps an even sample of misses of bounded size: every n-th, where n doubles and every second sample
 * is dropped whenever the sample is full. Dropped samples are written over, so a run allocates no
 * more than a full sample.
 */
@HotPath
final class MissSampler {
  static final int SAMPLES_MAX = 1024;

  /** One sample while the run goes on; {@link MissSample} says what its fields are. */
  static final class Slot {
    long startPs;
    int cpu;
    int pid;
    int tid;
    long address;
    int set;
    int way;
    FaultKind kind = FaultKind.ZERO;
    long totalPs;
    final long[] partsPs = new long[TimeCategory.values().length];

    private MissSample sample() {
      List<Long> parts = new ArrayList<>(partsPs.length);
      for (long part : partsPs) {
        parts.add(part);
      }
      return new MissSample(startPs, cpu, pid, tid, address, set, way, kind.word(), totalPs, parts);
    }
  }

  /** The sample in order, and behind {@link #size} slots that are free. */
  private final List<Slot> slots = new ArrayList<>(SAMPLES_MAX);

  private int size;
  private long seen;
  private long stride = 1;

  /** Counts a miss; when it belongs to the sample, {@link #add} must follow. */
  boolean takesNext() {
    long number = seen++;
    if (number % stride != 0) {
      return false;
    }
    if (size == SAMPLES_MAX) {
      halve();
    }
    return number % stride == 0;
  }

  private void halve() {
    size = SAMPLES_MAX / 2;
    for (int i = 1; i < size; i++) {
      Collections.swap(slots, i, 2 * i);
    }
    stride *= 2;
  }

  /** A slot for the next sample, every field of which is to be set. */
  Slot add() {
    if (size == slots.size()) {
      slots.add(new Slot());
    }
    return slots.get(size++);
  }

  List<MissSample> samples() {
    return slots.subList(0, size).stream().map(Slot::sample).toList();
  }
}
