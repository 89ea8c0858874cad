package org.legosim.configs;

import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Records of parameters for tests: every type of component, every form of range. */
final class Sample {
  enum Policy {
    FIFO,
    LRU,
    TRUE_LRU,
    CLOCK
  }

  record PcacheParams(
      @Parameter(
          key = "pcache.size",
          unit = Unit.BYTES,
          defaultValue = "512 MiB",
          range = "256 B..1 TiB",
          doc = "Size of the data.")
      long sizeBytes,

      @Parameter(
          key = "pcache.line",
          unit = Unit.BYTES,
          defaultValue = "4 KiB",
          range = "256 B..64 KiB",
          doc = "Size of a line.")
      long lineBytes,

      @Parameter(
          key = "pcache.ways",
          unit = Unit.COUNT,
          defaultValue = "64",
          range = "1..4096",
          words = "full=0",
          doc = "Lines of a set.")
      int wayCount,

      @Parameter(
          key = "pcache.policy",
          unit = Unit.TEXT,
          defaultValue = "fifo",
          range = "fifo | lru | true-lru",
          doc = "Replacement.")
      Policy policy,

      @Parameter(
          key = "pcache.piggyback",
          unit = Unit.FLAG,
          defaultValue = "on",
          doc = "Send a dirty line along with the next miss.")
      boolean isPiggybackOn,

      @Parameter(
          key = "pcache.sweep.interval",
          unit = Unit.PS,
          defaultValue = "off",
          range = "10 ms..5 s",
          words = "off=0",
          doc = "Time between passes.")
      long sweepIntervalPs) {
    PcacheParams {
      if (wayCount > 0 && Integer.bitCount(wayCount) != 1) {
        throw new ConfigException("pcache.ways must be a power of two");
      }
    }
  }

  record LinkParams(
      @Parameter(
          key = "network.rate",
          unit = Unit.BITS_PER_SECOND,
          defaultValue = "32 Gbit/s",
          range = "1 Mbit/s..10 Tbit/s",
          doc = "Data rate.",
          source = "InfiniBand 4X QDR after 8b/10b",
          status = Status.DERIVED)
      Constant rate,

      @Parameter(
          key = "network.hop",
          unit = Unit.PS,
          defaultValue = "100 ns",
          range = "..1 ms",
          doc = "Latency of the switch.",
          source = "none found",
          status = Status.ASSUMED)
      Constant hop,

      @Parameter(
          key = "network.copy",
          unit = Unit.PS_PER_KIB,
          defaultValue = "55 ns/KiB",
          doc = "Copy.",
          source = "profile.md",
          status = Status.MEASURED,
          fittedTo = "rpc-echo 4200/4")
      Constant copy,

      @Parameter(
          key = "network.spin",
          unit = Unit.MILLICYCLES,
          defaultValue = "0.5 cycles",
          doc = "Mean cost.",
          source = "none found",
          status = Status.ASSUMED)
      Constant spin) {}

  record MachineParams(
      PcacheParams pcache,
      LinkParams link,

      @Parameter(
          key = "core.clock",
          unit = Unit.HERTZ,
          defaultValue = "2.4 GHz",
          range = "1 MHz..10 GHz",
          doc = "Clock.")
      long clockHertz,

      @Parameter(
          key = "core.load",
          unit = Unit.PERCENT,
          defaultValue = "25 %",
          range = "0 %..100 %",
          doc = "Load.")
      int loadPercent,

      @Parameter(
          key = "memory.preset",
          unit = Unit.TEXT,
          defaultValue = "DDR4_2400",
          range = "DDR4_2133 | DDR4_2400",
          doc = "Timing set.")
      String preset,

      @Parameter(key = "label", unit = Unit.TEXT, defaultValue = "none", doc = "Any text.")
      String label,

      @Parameter(
          key = "faults",
          unit = Unit.TEXT,
          defaultValue = "[]",
          range = "F-1 | F-18",
          doc = "Defects switched on.")
      List<String> faults) {}

  static final ParameterCatalog CATALOG = ParameterCatalog.of(List.of(MachineParams.class));

  private Sample() {}

  /** A machine file given as text. */
  static EffectiveConfig read(String yaml) {
    YamlNode root = StrictYaml.readText("m.yaml", yaml);
    if (!(root instanceof YamlNode.Mapping file)) {
      throw new ConfigException(root.place() + ": no mapping");
    }
    Overlay overlay = new Overlay(CATALOG);
    file.entries().forEach(overlay::add);
    return EffectiveConfig.defaults(CATALOG).with(overlay).named("m", "").validate();
  }
}
