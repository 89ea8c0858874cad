package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.legosim.kernel.processor.SyscallNames;
import org.legosim.reports.Json;
import org.legosim.reports.Printable;
import org.legosim.reports.Quantity;
import org.legosim.reports.TextTable;
import org.legosim.timing.params.Unit;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.pack.Mix;
import org.legosim.trace.pack.ThreadTotals;
import org.legosim.trace.pack.TraceIndex;

/** What a trace consists of, on a terminal and as a JSON document. */
final class TraceText {
  private static final int MOST_BYTES = 64;
  private static final int MOST_THREADS = 40;
  private static final List<String> KINDS = List.of("fetches", "loads", "stores", "atomics");

  private TraceText() {}

  static String text(LtraceFile trace) {
    TraceIndex index = trace.index();
    Mix mix = index.mix();
    StringBuilder text = new StringBuilder();
    line(text, "trace", Printable.of(trace.name()));
    line(text, "digest", index.digest());
    line(text, "form", trace.isPacked() ? "packed, with gates and index" : "not packed");
    line(text, "accesses", count(data(mix)) + " by " + threads(index));
    line(text, "mix", mix(mix));
    line(text, "sizes", sizes(mix));
    line(text, "instructions", count(instructions(index)) + instructionRemark(index, mix));
    line(text, "footprint", footprint(index));
    line(text, "nearness", nearness(mix));
    line(
        text,
        "gates",
        count(index.perAddressGates()) + " per address, " + count(index.strictGates()) + " strict");
    line(text, "carries", carries(index));
    line(
        text,
        "size",
        count(trace.fileBytes()) + " bytes, "
            + TraceStreams.perAccess(trace.fileBytes(), TraceStreams.accesses(index))
            + " per access");
    index.remarks().forEach((key, value) -> line(text, Printable.of(key), Printable.of(value)));
    text.append('\n').append(threadTable(index));
    if (!mix.calls().isEmpty()) {
      text.append('\n').append(callTable(mix));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-17s %s\n", name, value));
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String threads(TraceIndex index) {
    return TraceStreams.counted(index.threads().size(), "thread", "threads") + " in "
        + TraceStreams.counted(index.processes().size(), "process", "processes");
  }

  /** Fetches are counted apart. */
  private static long data(Mix mix) {
    return mix.count(AccessKind.LOAD) + mix.count(AccessKind.STORE) + mix.count(AccessKind.ATOMIC);
  }

  private static String mix(Mix mix) {
    List<String> parts = new ArrayList<>();
    for (int kind : new int[] {AccessKind.LOAD, AccessKind.STORE, AccessKind.ATOMIC}) {
      parts.add(count(mix.count(kind)) + " " + KINDS.get(kind) + share(mix.count(kind), data(mix)));
    }
    if (mix.count(AccessKind.FETCH) > 0) {
      parts.add(count(mix.count(AccessKind.FETCH)) + " " + KINDS.get(AccessKind.FETCH));
    }
    return String.join(", ", parts);
  }

  private static String sizes(Mix mix) {
    List<String> parts = new ArrayList<>();
    for (int bytes = 1; bytes <= MOST_BYTES; bytes++) {
      long of = ofSize(mix, bytes);
      if (of > 0) {
        parts.add(bytes + " B" + share(of, data(mix)));
      }
    }
    return parts.isEmpty() ? "-" : String.join(", ", parts);
  }

  private static long ofSize(Mix mix, int bytes) {
    return mix.count(AccessKind.LOAD, bytes)
        + mix.count(AccessKind.STORE, bytes)
        + mix.count(AccessKind.ATOMIC, bytes);
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : " (" + Quantity.percent((double) part / whole) + ")";
  }

  private static long instructions(TraceIndex index) {
    return index.threads().stream().mapToLong(t -> t.totals().instructions()).sum();
  }

  private static String instructionRemark(TraceIndex index, Mix mix) {
    boolean areKnown = index.features().contains(TraceImage.Feature.INSTRUCTION_COUNTS);
    if (!areKnown) {
      return ", assumed";
    }
    return data(mix) == 0
        ? ""
        : String.format(Locale.ROOT, ", %.2f per access", (double) instructions(index) / data(mix));
  }

  private static String footprint(TraceIndex index) {
    String text = count(index.footprintPages()) + " pages of 4 KiB ("
        + Quantity.text(index.footprintPages() * 4096.0, Unit.BYTES) + ")";
    return index.unmappedPages() == 0
        ? text
        : text + ", " + count(index.unmappedPages()) + " of them in no mapping";
  }

  private static String nearness(Mix mix) {
    return "same line as the access before" + share(mix.sameLine(), data(mix)) + ", same page"
        + share(mix.samePage(), data(mix));
  }

  private static String carries(TraceIndex index) {
    List<String> words = index.features().stream()
        .map(feature -> Words.word(feature).replace('-', ' '))
        .toList();
    return words.isEmpty() ? "accesses only" : String.join(", ", words);
  }

  private static String threadTable(TraceIndex index) {
    Map<Integer, String> names = names(index);
    TextTable table =
        new TextTable("thread", "pid", "tid", "process", "accesses", "instructions", "events");
    List<TraceIndex.IndexedThread> threads = index.threads();
    for (int i = 0; i < Math.min(threads.size(), MOST_THREADS); i++) {
      ThreadTotals totals = threads.get(i).totals();
      table.row(
          Integer.toString(i),
          Integer.toString(totals.pid()),
          Integer.toString(totals.tid()),
          names.getOrDefault(totals.pid(), ""),
          count(totals.accesses()),
          count(totals.instructions()),
          count(totals.events()));
    }
    int more = threads.size() - MOST_THREADS;
    return table + (more > 0 ? "and " + count(more) + " more threads\n" : "");
  }

  private static Map<Integer, String> names(TraceIndex index) {
    Map<Integer, String> names = new LinkedHashMap<>();
    index.processes().forEach(p -> names.put(p.process().pid(), p.process().name()));
    return names;
  }

  private static String callTable(Mix mix) {
    TextTable table = new TextTable("system call", "number", "calls", "failed");
    mix.calls().entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().calls(), a.getValue().calls()))
        .forEach(e -> table.row(
            name(e.getKey()),
            e.getKey().toString(),
            count(e.getValue().calls()),
            count(e.getValue().failures())));
    return table.toString();
  }

  private static String name(long number) {
    return SyscallNames.of((int) Math.max(-1, Math.min(number, Integer.MAX_VALUE)));
  }

  static String json(LtraceFile trace) {
    TraceIndex index = trace.index();
    Mix mix = index.mix();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", trace.name());
    document.put("digest", index.digest());
    document.put("packed", trace.isPacked());
    document.put("file_bytes", trace.fileBytes());
    document.put("accesses", data(mix));
    for (int kind = 0; kind < KINDS.size(); kind++) {
      document.put(KINDS.get(kind), mix.count(kind));
    }
    Map<String, Object> sizes = new LinkedHashMap<>();
    for (int bytes = 1; bytes <= MOST_BYTES; bytes++) {
      if (ofSize(mix, bytes) > 0) {
        sizes.put(Integer.toString(bytes), ofSize(mix, bytes));
      }
    }
    document.put("accesses_by_bytes", sizes);
    document.put("instructions", instructions(index));
    document.put("footprint_pages", index.footprintPages());
    document.put("unmapped_pages", index.unmappedPages());
    document.put("same_line", mix.sameLine());
    document.put("same_page", mix.samePage());
    document.put("gates_per_address", index.perAddressGates());
    document.put("gates_strict", index.strictGates());
    document.put("features", index.features().stream().map(Words::word).toList());
    document.put("remarks", index.remarks());
    document.put("processes", processes(index));
    document.put("threads", threadList(index));
    document.put("syscalls", calls(mix));
    return Json.text(document);
  }

  private static List<Map<String, Object>> processes(TraceIndex index) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (TraceIndex.IndexedProcess indexed : index.processes()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("pid", indexed.process().pid());
      one.put("parent_pid", indexed.process().parentPid());
      one.put("name", indexed.process().name());
      one.put("arguments", indexed.process().arguments());
      one.put("images", indexed.images().size());
      list.add(one);
    }
    return list;
  }

  private static List<Map<String, Object>> threadList(TraceIndex index) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (TraceIndex.IndexedThread indexed : index.threads()) {
      ThreadTotals totals = indexed.totals();
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("thread", list.size());
      one.put("pid", totals.pid());
      one.put("tid", totals.tid());
      one.put("records", totals.records());
      one.put("accesses", totals.accesses());
      one.put("fetches", totals.fetches());
      one.put("events", totals.events());
      one.put("instructions", totals.instructions());
      list.add(one);
    }
    return list;
  }

  private static List<Map<String, Object>> calls(Mix mix) {
    List<Map<String, Object>> list = new ArrayList<>();
    mix.calls().forEach((number, count) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("number", number);
      one.put("name", name(number));
      one.put("calls", count.calls());
      one.put("failures", count.failures());
      list.add(one);
    });
    return list;
  }
}
