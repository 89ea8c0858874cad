package org.legosim.trace.exporter;

import java.util.List;
import java.util.Map;
import org.legosim.timing.ConfigException;

/** The formats that can be written. */
public final class Exporters {
  private static final List<TraceExporter> ALL = List.of(
      new TextExporter(),
      new CsvExporter(),
      new DinExporter(),
      new DramsimExporter(),
      new RamulatorExporter(),
      new OracleGeneralExporter(),
      new LackeyExporter(),
      new ChampsimExporter("champsim", 64, 2),
      new ChampsimExporter("champsim-cloudsuite", 96, 4),
      new PinatraceExporter());

  /** Formats that are read but cannot be written, and why. */
  private static final Map<String, String> REFUSED = Map.of(
      "gem5",
      "a gem5 packet holds the simulated tick at which it reached a port of gem5, which a program's trace"
          + " does not have; write dramsim or csv instead",
      "drmemtrace",
      "a drmemtrace holds the encoding of every instruction, which a legosim trace does not have; write"
          + " champsim or lackey instead");

  private Exporters() {}

  public static List<TraceExporter> all() {
    return ALL;
  }

  /** By name. */
  public static TraceExporter find(String format) {
    for (TraceExporter exporter : ALL) {
      if (exporter.format().equals(format)) {
        return exporter;
      }
    }
    String reason = REFUSED.get(format);
    if (reason != null) {
      throw new ConfigException("format " + format + " can be read but not written: " + reason);
    }
    throw new ConfigException("format " + format + " is not known; allowed are "
        + String.join(" ", ALL.stream().map(TraceExporter::format).sorted().toList()));
  }
}
