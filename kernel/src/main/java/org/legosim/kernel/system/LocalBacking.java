package org.legosim.kernel.system;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.processor.KernelSetup;
import org.legosim.kernel.processor.LocalMemory;
import org.legosim.kernel.processor.MemoryPaths;
import org.legosim.kernel.processor.NodeServices;
import org.legosim.kernel.processor.ProcessMemory;
import org.legosim.kernel.processor.StorageAccess;
import org.legosim.kernel.processor.UserProcess;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.storage.FileService;
import org.legosim.kernel.storage.LocalFilesPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.KernelCounters;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.Metric;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.results.NodeRow;

/** An ordinary machine: all memory is its own. Metrics of parts that it lacks are zero. */
final class LocalBacking implements NodeServices, Machine {
  private final LocalMemory.Shared shared;
  private final KernelSetup setup;
  private final @Nullable FileService files;
  private int spaces;

  LocalBacking(Simulation simulation, SystemParams params) {
    this.shared = new LocalMemory.Shared(simulation.ledger(), params.processorCosts());
    this.setup = params.check().setup();
    this.files = params.storage().nodes() == 0
        ? null
        : new FileService(params.storage(), simulation.ledger());
  }

  @Override
  public KernelPath sendReply(KernelContext context) {
    return files == null
        ? LocalMemory.NO_REMOTE
        : new LocalFilesPath(files, context, context.request());
  }

  @Override
  public StorageAccess storage() {
    return files == null ? StorageAccess.NONE : StorageAccess.OWN;
  }

  @Override
  public MemoryPaths memoryPaths(KernelContext context) {
    return new LocalMemory(context, shared);
  }

  @Override
  public KernelSetup setup() {
    return setup;
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public boolean policySeesHits() {
    return false;
  }

  @Override
  public int pageShift() {
    return LocalMemory.PAGE_SHIFT;
  }

  @Override
  public long frames() {
    return LocalMemory.FRAMES;
  }

  @Override
  public int sets() {
    return 1;
  }

  @Override
  public int generation(int frame) {
    return 0;
  }

  @Override
  public void onHit(int frame) {
    // no policy looks at hits
  }

  @Override
  public ProcessMemory createMemory(UserProcess process) {
    return LocalMemory.newSpace(spaces++);
  }

  @Override
  public void loadImage(UserProcess process, ImagePlacement image) {
    // an ordinary kernel maps on demand: nothing is kept elsewhere
  }

  @Override
  public void stageImage(UserProcess process, ImagePlacement image) {
    // see loadImage
  }

  @Override
  public void allTasksEnded() {
    // no daemon runs
  }

  @Override
  public int homeNodes() {
    return 1;
  }

  @Override
  public int homeNode(int index) {
    return 0;
  }

  @Override
  public long startPs() {
    return 0;
  }

  @Override
  public void verifyBooted() {
    // an ordinary machine waits for nobody
  }

  @Override
  public void verify() {
    // nothing is shared with another node
  }

  @Override
  public void putMetrics(MetricSnapshot snapshot, long lookups, long endPs) {
    for (Metric metric : NONE_HERE) {
      snapshot.put(metric, 0L);
    }
    LatencyMetrics.putFault(snapshot, shared.faultLatency());
    LatencyMetrics.putRpc(snapshot, new LatencyCounts());
    snapshot
        .put(FixedMetrics.RPC_COUNT, 0L)
        .put(FixedMetrics.NETWORK_SENT_BYTES, 0L)
        .put(FixedMetrics.RPC_TIMEOUTS, 0L)
        .put(FixedMetrics.RPC_LEAKED_SLOTS, 0L)
        .put(FixedMetrics.NETWORK_LOST_MESSAGES, 0L)
        .put(FixedMetrics.PROGRAMS_KILLED, 0L)
        .putRatio(FixedMetrics.MEMORY_WORKER_UTILIZATION, 0, 0);
    for (Metric metric : KernelCounters.ALL) {
      snapshot.put(metric, metric.equals(KernelCounters.NR_PGFAULT) ? shared.faults() : 0L);
    }
  }

  private static final List<Metric> NONE_HERE = List.of(
      FixedMetrics.PCACHE_HITS,
      FixedMetrics.PCACHE_MISSES,
      FixedMetrics.PCACHE_FILL_REMOTE,
      FixedMetrics.PCACHE_FILL_VICTIM,
      FixedMetrics.PCACHE_FILL_ZERO,
      FixedMetrics.PCACHE_FAULT_LOST_RACE,
      FixedMetrics.PCACHE_FAULT_COW,
      FixedMetrics.PCACHE_EVICTIONS,
      FixedMetrics.PCACHE_FLUSHES,
      FixedMetrics.PCACHE_PIGGYBACKED,
      FixedMetrics.VICTIM_LOOKUPS,
      FixedMetrics.VICTIM_HITS,
      FixedMetrics.PCACHE_SECTOR_MISSES,
      FixedMetrics.PCACHE_PREFETCHES,
      FixedMetrics.PCACHE_PREFETCHES_USEFUL,
      FixedMetrics.PCACHE_PREFETCHES_USELESS,
      FixedMetrics.PCACHE_PREFETCHES_FAILED,
      FixedMetrics.PCACHE_PREFETCHES_LATE,
      FixedMetrics.PCACHE_PREFETCHES_DROPPED);

  @Override
  public Map<String, LatencyCounts> latencies() {
    Map<String, LatencyCounts> latencies = new LinkedHashMap<>();
    latencies.put("fault_latency", shared.faultLatency());
    return latencies;
  }

  @Override
  public List<String> approximations() {
    return List.of();
  }

  @Override
  public List<NodeRow> nodes() {
    return List.of();
  }
}
