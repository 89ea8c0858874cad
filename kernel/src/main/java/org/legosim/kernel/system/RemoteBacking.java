package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.check.ContentOracle;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.fit.PageChecksum;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.memory.ImageLoader;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.pcache.EventLog;
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
import org.legosim.kernel.processor.NodeServices;
import org.legosim.kernel.processor.ProcessMemory;
import org.legosim.kernel.processor.ProcessorNode;
import org.legosim.kernel.processor.StorageAccess;
import org.legosim.kernel.processor.UserProcess;
import org.legosim.kernel.replica.ReplicatingPath;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.timing.ConfigException;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** One processor node's pcache, over memory nodes that are reached through FIT. */
final class RemoteBacking implements NodeServices {
  private static final long PAGE_BYTES = 4096;

  /** Bytes of a miss with a flush, FIT's header included, apart from the line. */
  private static final long COMBINED_MESSAGE_ROOM_BYTES = (long) FitParams.HEADER_BYTES
      + Opcode.PCACHE_MISS.requestBytes()
      + Opcode.PCACHE_FLUSH.requestBytes()
      - Opcode.PCACHE_MISS.replyBytes();

  private final Simulation simulation;
  private final int cpus;
  private final RemoteCluster cluster;
  private final int node;
  private final String name;
  private final Pcache pcache;
  private final MissRecords records;
  private final TrapPath.Costs trapCosts;
  private final Fills fills = new Fills();
  private final boolean checksFinally;
  private final KernelSetup setup;
  private final CounterSampler counters;
  private final boolean replicates;
  private final boolean serialisesMappingCalls;
  private final List<String> checkNotes = new ArrayList<>();
  private AccessAudit audit = AccessAudit.NONE;
  private Runnable onTasksEnded = () -> {};
  private @Nullable PinnedThread sweepThread;
  private @Nullable SweepThread sweeper;

  /**
   * @param node number of the processor node
   * @param records where its misses are recorded, with those of the other nodes
   */
  RemoteBacking(
      Simulation simulation,
      SystemParams params,
      RunOptions options,
      RemoteCluster cluster,
      int node,
      MissRecords records) {
    this.simulation = simulation;
    this.cluster = cluster;
    this.node = node;
    this.name = cluster.fit(node).name();
    this.cpus = params.processor().cpus();
    this.replicates = params.memory().replicates();
    this.records = records;
    this.trapCosts = new TrapPath.Costs(
        simulation.ledger().cost(params.processorCosts().trapEntry()),
        simulation.ledger().cost(params.processorCosts().trapReturn()));
    this.pcache = new Pcache(
        simulation,
        params.pcache(),
        params.pcacheCosts(),
        numbered(options.events(), records.firstCpu()),
        name,
        PcacheDefects.of(params.check().faults()),
        params.check().when() == CheckParams.When.ALWAYS);
    this.counters = new CounterSampler(simulation.timeline(), name, pcache);
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

  @Override
  public StorageAccess storage() {
    return cluster.storage();
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

  private PinnedThread pinned(Simulation simulation, String what) {
    PinnedThread thread = new PinnedThread(simulation, name + "." + what, 0);
    thread.wire(sendReply(thread));
    return thread;
  }

  /** Starts the kernel threads that interrupt the node's CPUs; called once those exist. */
  void startThreads(ProcessorNode processor) {
    if (pcache.params().prefetch() == PrefetchPolicy.OFF) {
      return;
    }
    List<PinnedThread> threads = new ArrayList<>();
    for (int index = 0; index < pcache.params().prefetchThreads(); index++) {
      int cpu = cpus + index;
      PinnedThread thread = new PinnedThread(simulation, name + ".kprefetchd" + index, cpu);
      thread.wire(sendReply(thread));
      thread.wireShootdown(processor.newShootdownPath(thread, cpu));
      threads.add(thread);
    }
    Prefetcher.start(pcache, threads, fills::filled);
  }

  @Override
  public KernelPath sendReply(KernelContext context) {
    FitNode own = cluster.fit(node);
    KernelPath plain = new SendReplyPath(own, context, context.request());
    return replicates
        ? new ReplicatingPath(own, context, context.request(), plain, cluster::secondOf)
        : plain;
  }

  @Override
  public MemoryPaths memoryPaths(KernelContext context) {
    return new PcacheMemory(context, pcache, trapCosts, records, fills, counters);
  }

  @Override
  public KernelSetup setup() {
    return setup;
  }

  @Override
  public String nodeName(int number) {
    return cluster.fit(number).name();
  }

  @Override
  public boolean mayBeCutOff() {
    return cluster.fit(node).outages().mayCut();
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
    long[] regions = memoryNode(process).loadImage(node, process.tgid(), image);
    ((PcacheMemory.Space) process.memory()).table().learnRegions(regions);
  }

  @Override
  public void stageImage(UserProcess process, ImagePlacement image) {
    memoryNode(process).stageImage(node, process.tgid(), image);
  }

  @Override
  public ImagePlacement placeImage(UserProcess process, List<Mapping> captured) {
    ImageLoader loader = cluster.loader();
    return loader == null
        ? ImagePlacement.captured(captured)
        : loader.place(captured, process.image().name());
  }

  @Override
  public long mapTouched(UserProcess process, long bytes) {
    return memoryNode(process).mapTouched(node, process.tgid(), bytes);
  }

  private MemoryNode memoryNode(UserProcess process) {
    return cluster.memoryNode(process.homeNode());
  }

  @Override
  public void allTasksEnded() {
    onTasksEnded.run();
  }

  /** Asks to be told when the node's last task has ended. */
  void onTasksEnded(Runnable listener) {
    onTasksEnded = listener;
  }

  /** The last task of all nodes has ended: daemons stop. */
  void stop() {
    if (sweeper != null && sweepThread != null) {
      sweeper.stop(sweepThread);
    }
  }

  /** Checks invariants once nothing is in flight. */
  void verify() {
    counters.finish();
    pcache.verifyCounters();
    if (checksFinally) {
      new PcacheChecker(pcache).check();
    }
  }

  Pcache pcache() {
    return pcache;
  }

  String name() {
    return name;
  }

  /** What the check leaves out. */
  List<String> checkNotes() {
    return checkNotes;
  }

  /** What its kernel printed. */
  String describeStale() {
    return pcache.describeStale();
  }

  /** Events whose CPUs are numbered through all nodes. */
  private static EventLog numbered(EventLog log, int firstCpu) {
    return firstCpu == 0 || log == EventLog.NONE
        ? log
        : (timePs, cpu, kind, tgid, address, set, way) ->
            log.event(timePs, firstCpu + cpu, kind, tgid, address, set, way);
  }
}
