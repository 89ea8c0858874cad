package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.configs.EffectiveConfig;
import org.legosim.reports.Json;
import org.legosim.reports.KernelTables;
import org.legosim.reports.Printable;
import org.legosim.reports.Quantity;
import org.legosim.reports.TextTable;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.Disagreement;
import org.legosim.timing.results.HopRow;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.results.SyscallRow;
import org.legosim.timing.results.ThreadSyscalls;
import org.legosim.timing.results.TimeCategory;

/** One simulation's result on a terminal, and as a JSON document. */
final class RunText {
  private static final String KERNEL_COUNTER = "kernel_nr_";
  private static final int MOST_DISAGREEMENTS = 12;
  private static final int MOST_ASSUMED = 3;
  private static final int DIGEST_CHARS = 12;
  private static final double PS_PER_NS = 1e3;

  private RunText() {}

  /** {@code {"identity": ..., "config": ..., "metrics": ...}}. */
  static String json(EffectiveConfig config, RunResult result) {
    RunIdentity identity = result.identity();
    Map<String, Object> who = new LinkedHashMap<>();
    who.put("config_digest", identity.configDigest());
    who.put("trace_digest", identity.traceDigest());
    who.put("version", identity.version());
    who.put("seed", identity.seed());
    Map<String, Object> metrics = new LinkedHashMap<>();
    result.metrics().entries().forEach(e -> metrics.put(e.metric().name(), e.value()));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("identity", who);
    document.put("config", config.values());
    document.put("metrics", metrics);
    document.put("levels", result.levels());
    document.put("approximations", result.approximations());
    document.put("disagreements", disagreements(result.disagreements()));
    document.put("syscalls", calls(result.syscalls()));
    document.put("thread_syscalls", threads(result.threadSyscalls()));
    document.put("profile", profile(result.profile()));
    document.put("assumed", result.assumed());
    document.put("nodes", NodeTables.json(result.nodes()));
    document.put("hops", hops(result.hops()));
    return Json.text(document);
  }

  private static List<Map<String, Object>> disagreements(List<Disagreement> disagreements) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Disagreement disagreement : disagreements) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("pid", disagreement.pid());
      row.put("tid", disagreement.tid());
      row.put("record", disagreement.record());
      row.put("call", disagreement.call());
      row.put("captured", disagreement.captured());
      row.put("simulated", disagreement.simulated());
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> threads(List<ThreadSyscalls> threads) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ThreadSyscalls thread : threads) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("pid", thread.pid());
      row.put("tid", thread.tid());
      row.put("syscalls", calls(thread.rows()));
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> calls(List<SyscallRow> calls) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (SyscallRow call : calls) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("number", call.number());
      row.put("name", call.name());
      row.put("calls", call.calls());
      row.put("errors", call.errors());
      row.put("total_ps", call.totalPs());
      row.put("max_ps", call.maxPs());
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> profile(List<ProfileRow> points) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ProfileRow point : points) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("node", point.node());
      row.put("name", point.point().kernelName());
      row.put("count", point.count());
      row.put("total_ps", point.totalPs());
      rows.add(row);
    }
    return rows;
  }

  private static List<Map<String, Object>> hops(List<HopRow> hops) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (HopRow hop : hops) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("hop", hop.hop());
      row.put("packets", hop.packets());
      row.put("bytes", hop.bytes());
      row.put("link_packets", hop.linkPackets());
      row.put("busy_ps", hop.busyPs());
      row.put("wait_ps", hop.waitPs());
      rows.add(row);
    }
    return rows;
  }

  private static String hopTable(List<HopRow> hops) {
    TextTable table = new TextTable("network hop", "packets", "bytes", "busy", "wait");
    for (HopRow hop : hops) {
      table.row(
          hop.hop(),
          Long.toString(hop.packets()),
          Quantity.text((double) hop.bytes(), Unit.BYTES),
          Quantity.text(hop.busyPs() / PS_PER_NS, Unit.NS),
          Quantity.text(hop.waitPs() / PS_PER_NS, Unit.NS));
    }
    return table.toString();
  }

  static String text(EffectiveConfig config, RunResult result) {
    StringBuilder text = new StringBuilder();
    RunIdentity identity = result.identity();
    text.append("machine ").append(Printable.of(config.machine()));
    text.append("  config ").append(shortened(identity.configDigest()));
    text.append("  trace ").append(shortened(identity.traceDigest()));
    text.append("  seed ").append(identity.seed()).append('\n');
    List<String> levels = new ArrayList<>();
    result.levels().forEach((part, level) -> levels.add(part + "=" + level));
    text.append("levels ").append(String.join(" ", levels)).append("\n\n");
    text.append(metrics(result.metrics())).append('\n');
    text.append(times(result.metrics()));
    if (!result.nodes().isEmpty()) {
      text.append('\n').append(NodeTables.text(result.nodes()));
    }
    if (!result.syscalls().isEmpty()) {
      text.append('\n').append(KernelTables.strace(result.syscalls()));
    }
    if (!result.profile().isEmpty()) {
      text.append('\n').append(KernelTables.profile(result.profile()));
    }
    if (!result.hops().isEmpty()) {
      text.append('\n').append(hopTable(result.hops()));
    }
    if (!result.disagreements().isEmpty()) {
      text.append('\n').append(disagreements(result));
    }
    text.append(remarks(result));
    return text.toString();
  }

  /** Every metric that is not zero, without the kernel's own counters and the parts of time. */
  private static String metrics(MetricSnapshot metrics) {
    TextTable table = new TextTable("metric", "value");
    for (MetricSnapshot.Entry entry : metrics.entries()) {
      String name = entry.metric().name();
      double value = metrics.getDouble(name);
      boolean isDetail = name.startsWith(KERNEL_COUNTER) || name.startsWith("time_");
      if (!isDetail && value != 0) {
        table.row(name, Quantity.text(value, entry.metric().unit()));
      }
    }
    return table.toString();
  }

  private static String times(MetricSnapshot metrics) {
    double total = metrics.getDouble("thread_time_ns");
    TextTable table = new TextTable("where threads' time went", "time", "share");
    for (TimeCategory category : TimeCategory.values()) {
      double spent = metrics.getDouble(category.metricName());
      if (spent > 0) {
        table.row(
            Words.word(category), Quantity.text(spent, Unit.NS), Quantity.percent(spent / total));
      }
    }
    return table.toString();
  }

  private static String disagreements(RunResult result) {
    TextTable table =
        new TextTable("disagreement", "thread", "record", "captured", "simulated kernel");
    result.disagreements().stream()
        .limit(MOST_DISAGREEMENTS)
        .forEach(row -> table.row(
            row.call(),
            row.pid() + "/" + row.tid(),
            Long.toString(row.record()),
            row.captured(),
            row.simulated()));
    long all = result.metrics().getLong("replay_disagreements");
    long shown = Math.min(MOST_DISAGREEMENTS, result.disagreements().size());
    return table + (all > shown ? "and " + (all - shown) + " more\n" : "");
  }

  private static String remarks(RunResult result) {
    StringBuilder text = new StringBuilder();
    double assumed = result.metrics().getDouble("assumed_time_share");
    text.append("\n").append(Quantity.percent(assumed));
    text.append(" of the threads' time rests on ASSUMED constants");
    text.append(mostAssumed(result)).append('\n');
    for (String approximation : result.approximations()) {
      text.append("approximated: ").append(Printable.of(approximation)).append('\n');
    }
    return text.toString();
  }

  /** The three ASSUMED constants that most time rests on, with their shares. */
  private static String mostAssumed(RunResult result) {
    double totalPs = result.metrics().getDouble("thread_time_ns") * PS_PER_NS;
    List<String> shares = result.assumed().entrySet().stream()
        .filter(constant -> constant.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_ASSUMED)
        .map(constant -> constant.getKey() + " " + Quantity.percent(constant.getValue() / totalPs))
        .toList();
    return shares.isEmpty() ? "" : ": most on " + String.join(", ", shares);
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(DIGEST_CHARS, digest.length()));
  }
}
