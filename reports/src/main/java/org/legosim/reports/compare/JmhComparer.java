package org.legosim.reports.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.JsonReader;
import org.legosim.reports.compare.Comparison.Difference;
import org.legosim.reports.compare.Comparison.Row;
import org.legosim.reports.compare.Thresholds.Direction;
import org.legosim.reports.compare.Thresholds.Threshold;
import org.legosim.timing.TraceException;

/**
 * Compares two JMH result files. A benchmark may become slower by its threshold, by 10 % when it has
 * none. Timings of unlike hosts say nothing about the code, so they are refused: the JVM's facts
 * stand in the file, the host's in {@code NAME.host.json} beside {@code NAME.json} when whoever ran
 * the benchmarks left one.
 */
final class JmhComparer {
  private static final double DEFAULT_PERCENT = 10;
  private static final long MOST_BYTES = 64L << 20;
  private static final List<String> JVM_FACTS = List.of("jdkVersion", "vmName", "vmVersion");
  private static final List<String> HOST_FACTS =
      List.of("host", "processor", "processors", "operatingSystem", "architecture");

  private record Benchmark(
      String name, Map<String, Object> keys, double score, String unit, boolean higherIsBetter) {}

  private final Path base;
  private final Path head;
  private final Thresholds thresholds;
  private final boolean acrossHosts;
  private final List<String> warnings = new ArrayList<>();

  JmhComparer(Path base, Path head, Thresholds thresholds, boolean acrossHosts) {
    this.base = base;
    this.head = head;
    this.thresholds = thresholds;
    this.acrossHosts = acrossHosts;
  }

  Comparison compare() {
    List<Map<String, @Nullable Object>> baseRuns = runs(base);
    List<Map<String, @Nullable Object>> headRuns = runs(head);
    checkHosts(baseRuns, headRuns);
    Map<String, Benchmark> bases = benchmarks(base, baseRuns);
    Map<String, Benchmark> heads = benchmarks(head, headRuns);
    thresholds.checkNames(bases.keySet(), "benchmark");
    List<Row> rows = new ArrayList<>();
    bases.forEach((name, benchmark) -> {
      Benchmark other = heads.remove(name);
      List<Difference> differences = other == null ? List.of() : judge(benchmark, other);
      rows.add(new Row(name, benchmark.keys(), other == null, differences));
    });
    List<String> extra = List.copyOf(heads.keySet());
    return new Comparison(base.toString(), head.toString(), rows, extra, warnings, List.of());
  }

  private List<Difference> judge(Benchmark from, Benchmark to) {
    if (!from.unit().equals(to.unit())) {
      throw new TraceException(
          head + ": " + from.name() + " is in " + to.unit() + ", in the base in " + from.unit());
    }
    Threshold threshold = thresholds.of(from.name());
    if (threshold == null || threshold.direction() == Direction.BOTH) {
      double percent = threshold == null ? DEFAULT_PERCENT : threshold.percent();
      Direction worse = from.higherIsBetter() ? Direction.DECREASE : Direction.INCREASE;
      threshold = new Threshold("default", java.util.regex.Pattern.compile(".*"), worse, percent);
    }
    Difference difference =
        Differences.between("score [" + from.unit() + "]", from.score(), to.score(), threshold);
    return difference == null ? List.of() : List.of(difference);
  }

  private void checkHosts(
      List<Map<String, @Nullable Object>> baseRuns, List<Map<String, @Nullable Object>> headRuns) {
    List<String> unlike = new ArrayList<>();
    for (String fact : JVM_FACTS) {
      addUnlike(unlike, fact, baseRuns.get(0).get(fact), headRuns.get(0).get(fact));
    }
    Map<String, @Nullable Object> baseHost = host(base);
    Map<String, @Nullable Object> headHost = host(head);
    for (String fact : HOST_FACTS) {
      if (baseHost.containsKey(fact) && headHost.containsKey(fact)) {
        addUnlike(unlike, fact, baseHost.get(fact), headHost.get(fact));
      }
    }
    if (!unlike.isEmpty() && !acrossHosts) {
      throw new TraceException(
          base + " and " + head + ": measured on unlike hosts (" + String.join("; ", unlike)
              + "), so their timings cannot be compared; run both on one host, or ask for a"
              + " comparison across hosts");
    }
    if (!unlike.isEmpty()) {
      warnings.add("measured on unlike hosts: " + String.join("; ", unlike));
    } else if (baseHost.isEmpty() || headHost.isEmpty()) {
      warnings.add("the files do not say on which host they were measured; one host is assumed");
    }
  }

  private static void addUnlike(
      List<String> unlike, String fact, @Nullable Object from, @Nullable Object to) {
    if (!Objects.equals(from, to)) {
      unlike.add(fact + " " + from + " and " + to);
    }
  }

  private static Map<String, @Nullable Object> host(Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\.json$", "");
    Path host = file.resolveSibling(name + ".host.json");
    return Files.exists(host) ? JsonReader.parseObject(host.toString(), read(host)) : Map.of();
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new TraceException(file + ": larger than " + MOST_BYTES + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TraceException(file + ": cannot be read: " + e, e);
    }
  }

  private static List<Map<String, @Nullable Object>> runs(Path file) {
    List<Map<String, @Nullable Object>> runs = new ArrayList<>();
    if (JsonReader.parse(file.toString(), read(file)) instanceof List<?> list) {
      for (Object element : list) {
        runs.add(object(file, element, "a run"));
      }
    }
    if (runs.isEmpty()) {
      throw new TraceException(file + ": not a JMH result file (JSON, one object per benchmark)");
    }
    return runs;
  }

  private static Map<String, Benchmark> benchmarks(
      Path file, List<Map<String, @Nullable Object>> runs) {
    Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> run : runs) {
      Benchmark benchmark = benchmark(file, run);
      if (benchmarks.put(benchmark.name(), benchmark) != null) {
        throw new TraceException(file + ": " + benchmark.name() + " appears twice");
      }
    }
    return benchmarks;
  }

  private static Benchmark benchmark(Path file, Map<String, @Nullable Object> run) {
    Map<String, @Nullable Object> metric = object(file, run.get("primaryMetric"), "primaryMetric");
    if (!(run.get("benchmark") instanceof String benchmark
        && run.get("mode") instanceof String mode
        && metric.get("scoreUnit") instanceof String unit)) {
      throw new TraceException(file + ": a run without benchmark, mode or scoreUnit");
    }
    if (!(metric.get("score") instanceof Number score)) {
      throw new TraceException(
          file + ": " + benchmark + " has the score " + metric.get("score") + ", no number");
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("benchmark", benchmark);
    keys.put("mode", mode);
    StringBuilder name = new StringBuilder(benchmark);
    if (run.get("params") instanceof Map<?, ?> params) {
      params.forEach((key, value) -> {
        keys.put(String.valueOf(key), String.valueOf(value));
        name.append(' ').append(key).append('=').append(value);
      });
    }
    boolean higherIsBetter = mode.equals("thrpt");
    name.append(" (").append(mode).append(')');
    return new Benchmark(name.toString(), keys, score.doubleValue(), unit, higherIsBetter);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(
      Path file, @Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new TraceException(file + ": " + what + " is missing or no object");
  }
}
