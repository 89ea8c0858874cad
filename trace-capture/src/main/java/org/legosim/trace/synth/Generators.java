package org.legosim.trace.synth;

import static org.legosim.trace.synth.SynthOption.HOT_ACCESSES;
import static org.legosim.trace.synth.SynthOption.HOT_PAGES;
import static org.legosim.trace.synth.SynthOption.PHASES;
import static org.legosim.trace.synth.SynthOption.SHARED;
import static org.legosim.trace.synth.SynthOption.SKEW;
import static org.legosim.trace.synth.SynthOption.STRIDE;
import static org.legosim.trace.synth.SynthOption.WRITES;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kinds of synthetic traces. */
public final class Generators {
  private static final List<Generator> ALL = List.of(
      new PatternGenerator(
          "sequential",
          "page after page, from the first again after the last",
          Set.of(SHARED, WRITES),
          false,
          PagePatterns::sequential),
      new PatternGenerator(
          "strided",
          "every stride-th page, each round one page further",
          Set.of(SHARED, WRITES, STRIDE),
          false,
          PagePatterns::strided),
      new PatternGenerator(
          "uniform",
          "pages at random, all equally often",
          Set.of(SHARED, WRITES),
          false,
          PagePatterns::uniform),
      new PatternGenerator(
          "zipf",
          "pages by Zipf's law, the popular ones scattered",
          Set.of(SHARED, WRITES, SKEW),
          false,
          PagePatterns::zipf),
      new PatternGenerator(
          "hot-cold",
          "a few pages take most accesses, the others share the rest",
          Set.of(SHARED, WRITES, HOT_PAGES, HOT_ACCESSES),
          false,
          PagePatterns::hotCold),
      new PatternGenerator(
          "pointer-chase",
          "a random cycle through all pages, each load giving the next address",
          Set.of(SHARED, WRITES),
          true,
          PagePatterns::pointerChase),
      new PatternGenerator(
          "phased",
          "a working set that moves to another part of the pages, with a mark at each move",
          Set.of(SHARED, WRITES, PHASES),
          false,
          PagePatterns::phased),
      new MremapStorm(),
      new ForkStorm(),
      new MapReduce());

  private Generators() {}

  public static List<Generator> all() {
    return ALL;
  }

  /** By its name on the command line. */
  public static Optional<Generator> find(String kind) {
    return ALL.stream().filter(generator -> generator.kind().equals(kind)).findFirst();
  }
}
