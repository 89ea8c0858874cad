package org.legosim.kernel.fpu;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The kernel's WARN_ON_ONCE: each place in the code warns at most once in a run. */
public final class KernelWarnings {
  private final Set<String> places = new LinkedHashSet<>();
  private final List<String> texts = new ArrayList<>();

  /** Warns unless that place has warned before. */
  public void once(String place, String text) {
    if (places.add(place)) {
      texts.add("WARNING at " + place + ": " + text);
    }
  }

  /** What was said, in order. */
  public List<String> texts() {
    return List.copyOf(texts);
  }
}
