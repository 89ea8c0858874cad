package org.legosim.experiments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Machines;
import org.legosim.configs.Setting;
import org.legosim.timing.ConfigException;

/** Predicts measured rows with the machine files of their platforms. */
public final class Validation {
  /** Told before each row. */
  @FunctionalInterface
  public interface Listener {
    void row(int done, int total);
  }

  /**
   * Everything that was judged.
   *
   * @param fitted all constants that were fitted to any row, on the platforms used, in order of keys
   */
  public record Report(List<Judgement> judgements, List<Fitted> fitted) {
    /** Keys of the fitted constants. */
    public Set<String> fittedConstants() {
      Set<String> keys = new TreeSet<>();
      fitted.forEach(constant -> keys.add(constant.key()));
      return keys;
    }

    /** True when every row that has a prediction is within its tolerance. */
    public boolean isWithin() {
      return judgements.stream().noneMatch(j -> Boolean.FALSE.equals(j.within()));
    }

    /** True when every row has a prediction. */
    public boolean isComplete() {
      return judgements.stream().noneMatch(j -> j.within() == null);
    }
  }

  /**
   * A constant that was fitted.
   *
   * @param platform the first one that has this value, since most share their adapters and slots
   */
  public record Fitted(String key, String platform, String value, String fittedTo) {}

  private static final Map<String, Experiment> EXPERIMENTS = experiments();

  private final Machines machines;
  private final List<String> options;
  private final Map<String, Optional<EffectiveConfig>> platforms = new LinkedHashMap<>();
  private final Map<String, Fitted> fitted = new TreeMap<>();

  /**
   * @param options {@code key=value} overrides that apply to every platform
   */
  public Validation(Machines machines, List<String> options) {
    this.machines = machines;
    this.options = List.copyOf(options);
  }

  private static Map<String, Experiment> experiments() {
    Map<String, Experiment> experiments = new LinkedHashMap<>();
    experiments.put("rpc-echo", new RpcEcho());
    experiments.put("rpc-latency", new RpcLatency());
    experiments.put("memory-throughput", new MemoryThroughput());
    experiments.put("storage-throughput", new StorageThroughput());
    experiments.put("tlb-shootdown", new TlbShootdown());
    experiments.put("kernel-entry", new KernelEntry());
    experiments.put("socket-latency", new SocketLatency());
    experiments.put("pcache-cold-stream", new PcacheColdStream());
    experiments.put("pcie-dma", new PcieDma());
    experiments.put("verbs-latency", new VerbsLatency());
    experiments.put("verbs-rate", new VerbsRate());
    experiments.put("verbs-cache", new VerbsCache());
    experiments.put("legoos-access", new LegoosAccess());
    return experiments;
  }

  /** Names of the experiments that this version predicts. */
  public static Set<String> known() {
    return EXPERIMENTS.keySet();
  }

  public Report judge(List<MeasuredRow> rows, Listener listener) {
    List<Judgement> judgements = new ArrayList<>();
    for (MeasuredRow row : rows) {
      listener.row(judgements.size(), rows.size());
      judgements.add(judge(row));
    }
    listener.row(rows.size(), rows.size());
    return new Report(judgements, List.copyOf(fitted.values()));
  }

  private Judgement judge(MeasuredRow row) {
    Experiment experiment = EXPERIMENTS.get(row.experiment());
    if (experiment == null) {
      return Judgement.unknown(row, "this version does not model the experiment");
    }
    Optional<EffectiveConfig> platform = platform(row.platform());
    if (platform.isEmpty()) {
      return Judgement.unknown(row, "no machine file is named " + row.platform());
    }
    try {
      List<String> settings = new ArrayList<>();
      experiment.settings(row).forEach(settings::add);
      settings.addAll(options);
      EffectiveConfig config = platform.get().with(settings);
      return Judgement.of(row, experiment.predict(row, config), isFitted(row, config));
    } catch (UnknownPointException e) {
      return Judgement.unknown(row, String.valueOf(e.getMessage()));
    }
  }

  private Optional<EffectiveConfig> platform(String name) {
    return platforms.computeIfAbsent(
        name,
        key -> machines.list().stream().anyMatch(entry -> entry.name().equals(key))
            ? Optional.of(load(key))
            : Optional.empty());
  }

  private EffectiveConfig load(String name) {
    EffectiveConfig config = machines.load(name);
    if (config.settings().isEmpty()) {
      throw new ConfigException("machine " + name + " sets nothing");
    }
    return config;
  }

  private boolean isFitted(MeasuredRow row, EffectiveConfig config) {
    boolean isFitted = false;
    for (Setting setting : config.settings()) {
      if (setting.fittedTo().isEmpty()) {
        continue;
      }
      fitted.putIfAbsent(
          setting.key() + "\t" + setting.text() + "\t" + setting.fittedTo(),
          new Fitted(setting.key(), row.platform(), setting.text(), setting.fittedTo()));
      isFitted |= row.isNamedBy(setting.fittedTo());
    }
    return isFitted;
  }
}
