package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.hardware.network.Network;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.check.ContentOracle;
import org.legosim.kernel.connect.Connections;
import org.legosim.kernel.fit.FitDefects;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.fit.PageChecksum;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.memory.ImageLoader;
import org.legosim.kernel.memory.MemoryDefects;
import org.legosim.kernel.memory.MemoryMonitor;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.pcache.EvictionMechanism;
import org.legosim.kernel.pcache.Pcache;
import org.legosim.kernel.pcache.PcacheChecker;
import org.legosim.kernel.pcache.PcacheDefects;
import org.legosim.kernel.pcache.PinnedThread;
import org.legosim.kernel.pcache.PrefetchPolicy;
import org.legosim.kernel.pcache.Prefetcher;
import org.legosim.kernel.pcache.SweepThread;
import org.legosim.kernel.pcache.VictimFlushDaemon;
import org.legosim.kernel.processor.AccessAudit;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.processor.KernelSetup;
import org.legosim.kernel.processor.MemoryPaths;
import org.legosim.kernel.processor.ProcessMemory;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.kernel.processor.ProcessorParams.AddressLayout;
import org.legosim.kernel.processor.StorageAccess;
import org.legosim.kernel.processor.UserProcess;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.storage.StorageNode;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.metrics.FixedMetrics;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.metrics.MetricSnapshot;
import org.legosim.timing.trace.Mapping;

/** A pcache over memory nodes that are reached through FIT. */
final class RemoteBacking implements Backing {
  private static final int PROCESSOR = 0;
  private static final long PAGE_BYTES = 4096;

  /** Bytes of a miss with a flush, FIT's header included, apart from the line. */
  private static final long COMBINED_MESSAGE_ROOM_BYTES = (long) FitParams.HEADER_BYTES
      + Opcode.PCACHE_MISS.requestBytes()
      + Opcode.PCACHE_FLUSH.requestBytes()
      - Opcode.PCACHE_MISS.replyBytes();

  private final Simulation simulation;
  private final int cpus;
  private final FitNetwork fit;
  private final Connections connections;
  private final List<MemoryNode> memoryNodes = new ArrayList<>();
  private final List<StorageNode> storageNodes = new ArrayList<>();
  private final StorageAccess storage;
  private final Pcache pcache;
  private final MissSampler sampler;
  private final SeriesRecorder series;
  private final TrapPath.Costs trapCosts;
  private final Fills fills = new Fills();
  private final @Nullable ImageLoader loader;
  private final boolean checksFinally;
  private final KernelSetup setup;
  private final CounterSampler counters;
  private final boolean serialisesMappingCalls;
  private final List<String> checkNotes = new ArrayList<>();
  private AccessAudit audit = AccessAudit.NONE;
  private @Nullable PinnedThread sweepThread;
  private @Nullable SweepThread sweeper;

  RemoteBacking(
      Simulation simulation,
      SystemParams params,
      RunOptions options,
      MissSampler sampler,
      SeriesRecorder series) {
    this.simulation = simulation;
    this.cpus = params.processor().cpus();
    this.sampler = sampler;
    this.series = series;
    boolean shares = params.memory().sharesAddressSpaces();
    int nodes =
        1 + params.memory().nodes() + (shares ? 1 : 0) + params.storage().nodes();
    this.fit = new FitNetwork(
        simulation,
        params.fit(),
        new Network(params.network(), nodes, simulation.ledger()),
        FitDefects.of(params.check().faults()),
        params.check().setup().judgesWarnings());
    fit.addNode("P0");
    for (int node = 0; node < params.memory().nodes(); node++) {
      FitNode fitNode = fit.addNode("M" + node);
      memoryNodes.add(new MemoryNode(
          simulation, params.memory(), fitNode, MemoryDefects.of(params.check().faults())));
    }
    if (shares) {
      FitNode monitorNode = fit.addNode("GMM");
      MemoryNode.distribute(
          simulation,
          memoryNodes,
          new MemoryMonitor(simulation, params.memory(), monitorNode, homeNode(0)));
    }
    this.storage = addStorage(params);
    memoryNodes.forEach(node -> node.allocate(
        params.processorCosts().alloc(), AllocDefects.of(params.check().faults())));
    this.loader = loader(simulation, params);
    this.connections = fit.connect();
    memoryNodes.forEach(MemoryNode::start);
    this.trapCosts = new TrapPath.Costs(
        simulation.ledger().cost(params.processorCosts().trapEntry()),
        simulation.ledger().cost(params.processorCosts().trapReturn()));
    this.pcache = new Pcache(
        simulation,
        params.pcache(),
        params.pcacheCosts(),
        options.events(),
        PcacheDefects.of(params.check().faults()),
        params.check().when() == CheckParams.When.ALWAYS);
    this.counters = new CounterSampler(simulation.timeline(), "P0", pcache);
    // LEGOOS-BUG: F-18, nothing keeps two calls of a process apart between their answers and here.
    this.serialisesMappingCalls = !params.check().faults().contains("F-18");
    requireFits(params);
    this.setup = params.check().setup();
    this.checksFinally = params.check().when() != CheckParams.When.OFF;
    if (params.check().when() == CheckParams.When.ALWAYS) {
      long lineBytes = params.pcache().lineBytes();
      long fetchBytes = params.pcache().fetchBytes();
      if (lineBytes == ContentOracle.PAGE_BYTES && (fetchBytes == 0 || fetchBytes == lineBytes)) {
        ContentOracle oracle = new ContentOracle(pcache.inspection());
        pcache.onSharedPages(oracle);
        audit = oracle;
      } else {
        checkNotes.add("check: what programs read is followed for whole lines of 4 KiB only");
      }
    }
    if (params.pcache().eviction() == EvictionMechanism.VICTIM_CACHE) {
      VictimFlushDaemon.start(pcache, pinned(simulation, "kvictim_flushd"));
    }
    if (params.pcache().sweeps()) {
      sweepThread = pinned(simulation, "kevict_sweepd");
      sweeper = new SweepThread(pcache, sweepThread);
      sweeper.start(sweepThread);
    }
  }

  private StorageAccess addStorage(SystemParams params) {
    int count = params.storage().nodes();
    for (int node = 0; node < count; node++) {
      storageNodes.add(new StorageNode(simulation, params.storage(), fit.addNode("S" + node)));
    }
    if (count == 0) {
      return StorageAccess.NONE;
    }
    StorageAccess access =
        StorageAccess.at(storageNodes.get(0).number(), count, homeNode(0), false);
    for (MemoryNode node : memoryNodes) {
      node.attachStorage(simulation, access.nodeFor(node.fitNumber()));
    }
    return access;
  }

  @Override
  public StorageAccess storage() {
    return storage;
  }

  List<StorageNode> storageNodes() {
    return storageNodes;
  }

  /** A miss that carries a dirty line away is the longest message that has a line in it. */
  private static void requireFits(SystemParams params) {
    long lineBytes = params.pcache().lineBytes();
    long bytesMax = params.fit().messageBytesMax();
    long checksumBytes =
        params.fit().hasPageChecksums() ? lineBytes / PAGE_BYTES * PageChecksum.BYTES_PER_PAGE : 0;
    if (lineBytes + COMBINED_MESSAGE_ROOM_BYTES + checksumBytes > bytesMax) {
      throw new ConfigException("pcache.line is "
          + lineBytes
          + " bytes; a message that carries a line away may have "
          + bytesMax
          + " (half of fit.ring): raise fit.ring or lower pcache.line");
    }
  }

  private PinnedThread pinned(Simulation simulation, String name) {
    PinnedThread thread = new PinnedThread(simulation, "P0." + name, 0);
    thread.wire(sendReply(thread));
    return thread;
  }

  @Override
  public void startThreads(ProcessorNode processor) {
    if (pcache.params().prefetch() == PrefetchPolicy.OFF) {
      return;
    }
    List<PinnedThread> threads = new ArrayList<>();
    for (int index = 0; index < pcache.params().prefetchThreads(); index++) {
      int cpu = cpus + index;
      PinnedThread thread = new PinnedThread(simulation, "P0.kprefetchd" + index, cpu);
      thread.wire(sendReply(thread));
      thread.wireShootdown(processor.newShootdownPath(thread, cpu));
      threads.add(thread);
    }
    Prefetcher.start(pcache, threads, fills::filled);
  }

  @Override
  public KernelPath sendReply(KernelContext context) {
    return new SendReplyPath(fit.node(PROCESSOR), context, context.request());
  }

  @Override
  public MemoryPaths memoryPaths(KernelContext context) {
    return new PcacheMemory(context, pcache, trapCosts, sampler, series, fills, counters);
  }

  @Override
  public KernelSetup setup() {
    return setup;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public boolean serialisesMappingCalls() {
    return serialisesMappingCalls;
  }

  @Override
  public AccessAudit audit() {
    return audit;
  }

  @Override
  public boolean policySeesHits() {
    return pcache.seesHits();
  }

  @Override
  public int pageShift() {
    return pcache.geometry().lineShift();
  }

  @Override
  public int lookupShift() {
    return pcache.sectorShift();
  }

  @Override
  public long frames() {
    return pcache.geometry().lines();
  }

  @Override
  public int sets() {
    return pcache.geometry().sets();
  }

  @Override
  public int generation(int frame) {
    return fills.generation(frame);
  }

  @Override
  public void onHit(int frame) {
    pcache.onHit(frame);
  }

  @Override
  public ProcessMemory createMemory(UserProcess process) {
    return new PcacheMemory.Space(pcache.createSpace(process.tgid(), process.homeNode()));
  }

  @Override
  public void loadImage(UserProcess process, ImagePlacement image) {
    long[] regions = memoryNode(process).loadImage(PROCESSOR, process.tgid(), image);
    ((PcacheMemory.Space) process.memory()).table().learnRegions(regions);
  }

  @Override
  public void stageImage(UserProcess process, ImagePlacement image) {
    memoryNode(process).stageImage(PROCESSOR, process.tgid(), image);
  }

  @Override
  public ImagePlacement placeImage(UserProcess process, List<Mapping> captured) {
    return loader == null
        ? ImagePlacement.captured(captured)
        : loader.place(captured, process.image().name());
  }

  @Override
  public long mapTouched(UserProcess process, long bytes) {
    return memoryNode(process).mapTouched(PROCESSOR, process.tgid(), bytes);
  }

  private static @Nullable ImageLoader loader(Simulation simulation, SystemParams params) {
    AddressLayout layout = params.processor().addresses();
    if (layout == AddressLayout.RANDOMISED && params.memory().sharesAddressSpaces()) {
      throw new ConfigException(
          "addresses: randomised: memory nodes that share an address space give"
              + " it out in whole ranges of 1 GiB, which undoes a random base; allowed: captured, legoos,"
              + " or one node for each process (memory.placement: home)");
    }
    return switch (layout) {
      case CAPTURED -> null;
      case LEGOOS -> new ImageLoader(params.memory().isCacheAware(), null);
      case RANDOMISED -> new ImageLoader(false, simulation.stream("addresses"));
    };
  }

  List<MemoryNode> memoryNodes() {
    return memoryNodes;
  }

  private MemoryNode memoryNode(UserProcess process) {
    return memoryNodes.get(process.homeNode() - 1);
  }

  @Override
  public void allTasksEnded() {
    memoryNodes.forEach(MemoryNode::stop);
    if (sweeper != null && sweepThread != null) {
      sweeper.stop(sweepThread);
    }
  }

  @Override
  public int homeNodes() {
    return memoryNodes.size();
  }

  @Override
  public int homeNode(int index) {
    return 1 + index;
  }

  @Override
  public long startPs() {
    return connections.startPs();
  }

  @Override
  public void verifyBooted() {
    connections.verifyStarts(PROCESSOR);
  }

  @Override
  public void verify() {
    counters.finish();
    pcache.verifyCounters();
    if (checksFinally) {
      new PcacheChecker(pcache).check();
    }
    fit.verifyConservation();
    memoryNodes.forEach(MemoryNode::verifyQuiescent);
    storageNodes.forEach(StorageNode::verifyQuiescent);
  }

  @Override
  public void putMetrics(MetricSnapshot snapshot, long lookups, long endPs) {
    pcache.putPageMetrics(snapshot, lookups - pcache.misses());
    LatencyMetrics.putFault(snapshot, pcache.faultLatency());
    LatencyCounts rpc = fit.node(PROCESSOR).counters().latency();
    LatencyMetrics.putRpc(snapshot, rpc);
    long sentBytes = 0;
    for (FitNode node : fit.nodes()) {
      sentBytes += node.counters().sentBytes();
    }
    long busyPs = 0;
    long workers = 0;
    for (MemoryNode node : memoryNodes) {
      busyPs += node.workersBusyPs();
      workers += node.workerCount();
    }
    snapshot
        .put(FixedMetrics.RPC_COUNT, fit.node(PROCESSOR).counters().sendReplies())
        .put(FixedMetrics.NETWORK_SENT_BYTES, sentBytes)
        .putRatio(
            FixedMetrics.MEMORY_WORKER_UTILIZATION, busyPs, Math.multiplyExact(endPs, workers));
    pcache.putKernelCounters(snapshot);
  }

  @Override
  public Map<String, LatencyCounts> latencies() {
    Map<String, LatencyCounts> latencies = new LinkedHashMap<>();
    latencies.put("fault_latency", pcache.faultLatency());
    latencies.put("rpc_latency", fit.node(PROCESSOR).counters().latency());
    return latencies;
  }

  @Override
  public List<String> approximations() {
    List<String> found = new ArrayList<>(checkNotes);
    found.addAll(fit.checksum().warnings());
    for (MemoryNode node : memoryNodes) {
      found.addAll(node.approximations());
    }
    return found;
  }
}
