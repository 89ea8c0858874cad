package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.results.MissSample;

/**
 * Keeps an even sample of misses of bounded size: every n-th, where n doubles and every second sample
 * is dropped whenever the sample is full.
 */
final class MissSampler {
  static final int SAMPLES_MAX = 1024;

  private final List<MissSample> samples = new ArrayList<>();
  private long seen;
  private long stride = 1;

  /** True when the next miss belongs to the sample. */
  boolean wantsNext() {
    return seen % stride == 0;
  }

  void skip() {
    seen++;
  }

  void add(MissSample sample) {
    seen++;
    if (samples.size() == SAMPLES_MAX) {
      List<MissSample> kept = new ArrayList<>(SAMPLES_MAX);
      for (int i = 0; i < samples.size(); i += 2) {
        kept.add(samples.get(i));
      }
      samples.clear();
      samples.addAll(kept);
      stride *= 2;
      if ((seen - 1) % stride != 0) {
        return;
      }
    }
    samples.add(sample);
  }

  List<MissSample> samples() {
    return List.copyOf(samples);
  }
}
