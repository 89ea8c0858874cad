package org.legosim.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.legosim.timing.ConfigException;
import org.legosim.trace.TracePacker;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.synth.Generator;
import org.legosim.trace.synth.Generators;
import org.legosim.trace.synth.SynthOption;
import org.legosim.trace.synth.SynthOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A trace of no program. */
@Command(
    name = "synth",
    description = {
      "Makes a synthetic trace.",
      "The same options give the same trace. An access is a load or a store of eight bytes. Kinds:",
      "  sequential    page after page, from the first again after the last",
      "  strided       every stride-th page, each round one page further",
      "  uniform       pages at random, all equally often",
      "  zipf          pages by Zipf's law, the popular ones scattered",
      "  hot-cold      a few pages take most accesses, the others share the rest",
      "  pointer-chase a random cycle through all pages, each load giving the next address",
      "  phased        a working set that moves, with a mark at each move",
      "  mremap-storm  small areas mapped, grown, shrunk, moved and unmapped all the time",
      "  fork-storm    a process that forks all the time; it and its children write to shared pages",
      "  mapreduce     map streams its input and scatters pairs, a barrier, reduce updates tables"
    })
final class TraceSynthCommand implements Runnable {
  private static final int USUAL = -1;

  private final Console console;

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "KIND", description = "One of the above.")
  private String kind;

  @Option(
      names = "--accesses",
      paramLabel = "N",
      required = true,
      description = "Accesses of all threads together, exactly.")
  private long accesses;

  @Option(names = "--seed", paramLabel = "S", description = "Of all that is random; 1 by default.")
  private long seed = SynthOptions.DEFAULT_SEED;

  @Option(
      names = "--pages",
      paramLabel = "N",
      description =
          "Pages of 4 KiB of each thread's region, or of the shared one; mapreduce: of the job;"
              + " mremap-storm: mapped at most at a time. 65536 by default.")
  private long pages = SynthOptions.DEFAULT_PAGES;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; fork-storm: children alive at once. 1 by default.")
  private int threads = 1;

  @Option(
      names = "--instructions",
      paramLabel = "N",
      description = "Instructions per access, it included; 4 by default.")
  private int instructions = SynthOptions.DEFAULT_INSTRUCTIONS;

  @Option(names = "--shared", description = "All threads work on the same pages.")
  private boolean isShared;

  @Option(
      names = "--writes",
      paramLabel = "PERCENT",
      description = "Stores among the accesses; 0 by default, 50 in a storm.")
  private int writes = USUAL;

  @Option(
      names = "--stride",
      paramLabel = "PAGES",
      description = "strided: pages from one access to the next; 16 by default.")
  private long stride = SynthOptions.DEFAULT_STRIDE_PAGES;

  @Option(
      names = "--skew",
      paramLabel = "S",
      description = "zipf, mapreduce: rank r is as likely as 1/r^S; 1 by default.")
  private double skew = SynthOptions.DEFAULT_SKEW;

  @Option(
      names = "--hot-pages",
      paramLabel = "PERCENT",
      description = "hot-cold: share of the pages that are hot; 10 by default.")
  private int hotPages = SynthOptions.DEFAULT_HOT_PAGES_PERCENT;

  @Option(
      names = "--hot-accesses",
      paramLabel = "PERCENT",
      description = "hot-cold: share of the accesses that go there; 90 by default.")
  private int hotAccesses = SynthOptions.DEFAULT_HOT_ACCESSES_PERCENT;

  @Option(
      names = "--phases",
      paramLabel = "N",
      description = "phased: parts that the working set moves through; 4 by default.")
  private int phases = USUAL;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "storms: accesses between two system calls; 64 by default.")
  private int burst = SynthOptions.DEFAULT_BURST;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The trace; KIND.ltrace by default, - for standard output.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--level",
      paramLabel = "0-9",
      description = "Compression: 0 is none, 6 the default, 9 the smallest.")
  private int level = 6;

  TraceSynthCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Generator generator = Generators.find(kind).orElseThrow(() -> unknown(kind));
    refuseForeignOptions(generator);
    SynthOptions options = options(generator);
    TracePacker packer = TraceStreams.packer(level, false);
    // Nothing of the time or the host goes into the file: the same command gives the same bytes.
    FileHeader header = new FileHeader(false, false, Ltrace.ARCHITECTURE_X86_64, 0);
    TraceStreams.write(console, output.orElse(kind + ".ltrace"), path -> {
      try (Progress progress = new Progress(console, "synth")) {
        return packer.build(path, header, writer -> {
          writer.remark(remarks(options));
          generator.write(
              options, writer, done -> progress.update(done, options.accesses(), "accesses"));
        });
      }
    });
  }

  private SynthOptions options(Generator generator) {
    int usualPhases =
        (int) Math.max(1, Math.min(SynthOptions.DEFAULT_PHASES, accesses / Math.max(1, threads)));
    return new SynthOptions(
        accesses,
        seed,
        pages,
        threads,
        isShared,
        writes == USUAL ? generator.usualWritePercent() : writes,
        instructions,
        stride,
        skew,
        hotPages,
        hotAccesses,
        phases == USUAL ? usualPhases : phases,
        burst);
  }

  private Map<String, String> remarks(SynthOptions options) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("made by", "synth " + kind);
    facts.put("seed", Long.toString(options.seed()));
    facts.put("pages", Long.toString(options.pages()));
    return facts;
  }

  /** An option that means nothing to a kind would be a surprise. */
  private void refuseForeignOptions(Generator generator) {
    ParseResult parsed = spec.commandLine().getParseResult();
    for (SynthOption option : SynthOption.values()) {
      if (parsed.hasMatchedOption(option.flag()) && !generator.options().contains(option)) {
        String known = generator.options().stream()
            .sorted()
            .map(SynthOption::flag)
            .collect(Collectors.joining(" "));
        throw new ConfigException(option.flag() + ": means nothing to " + kind
            + "; besides the options of every kind it takes " + known);
      }
    }
  }

  private static ConfigException unknown(String kind) {
    List<String> kinds = Generators.all().stream().map(Generator::kind).toList();
    return new ConfigException("there is no kind '" + kind + "'"
        + Nearest.to(kind, kinds)
            .map(near -> "; did you mean '" + near + "'?")
            .orElse("; there are " + String.join(", ", kinds)));
  }
}
