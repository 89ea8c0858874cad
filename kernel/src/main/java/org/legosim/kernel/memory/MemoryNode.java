package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.PollThread;
import org.legosim.kernel.fit.RequestSink;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Server;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.timeline.Timeline;
import org.legosim.timing.trace.Mapping;

/**
 * A memory node: the thread pool behind its polling thread, and the address spaces of the processes
 * whose home it is. A process is known by its processor node and its thread group's id; its exit is
 * not told, so its address space stays until another process gets its number.
 *
 * <p>With {@link #distribute} the address space of a process may have parts at other nodes; this one
 * then answers for the part that it owns, and its home for the whole.
 *
 * <p>With {@link #attachStorage} files are at a storage node; without one they take no time.
 */
public final class MemoryNode implements RequestSink {
  final MemoryNodeParams params;
  final MemoryDefects defects;
  final Cost handOff;
  final Cost handle;
  final Cost findTask;
  final Cost semaphore;
  final Cost findVma;
  final Cost walk;
  final Cost allocatePage;
  final Cost fill;
  final Cost copy;
  final Cost changeVma;
  final Cost changeEntry;
  final Server taskLock;
  final Server zoneLock;
  final PhysicalPages physical;

  private final String name;
  final MemoryProfile profile;
  private final FitNode fit;
  private final Worker[] workers;
  private final MemoryCounters counters = new MemoryCounters();
  private final LongMap<AddressSpace> spaces = new LongMap<>();
  private final LongMap<ImagePlacement> staged = new LongMap<>();
  private final List<AddressSpace> allSpaces = new ArrayList<>();

  private @Nullable Distribution distribution;
  private @Nullable StatusThread status;
  private Loader loader;

  private @Nullable StorageLink storage;
  private final boolean[] bufferInUse;
  private int nextBuffer;
  private int nextWorker;
  private @Nullable PollThread bufferWaiter;
  private final Timeline timeline;
  private final int queuedCounter;
  private int queued;

  public MemoryNode(Simulation simulation, MemoryNodeParams params, FitNode fit) {
    this(simulation, params, fit, MemoryDefects.NONE);
  }

  public MemoryNode(
      Simulation simulation, MemoryNodeParams params, FitNode fit, MemoryDefects defects) {
    this.defects = defects;
    this.params = params;
    this.fit = fit;
    this.name = fit.name();
    this.profile = new MemoryProfile(simulation.profile(), name);
    this.loader = new Loader(name, profile.heap(AllocParams.DEFAULT, AllocDefects.NONE), defects);
    this.timeline = simulation.timeline();
    this.queuedCounter = timeline.addCounter(name + ".queued requests", Timeline.Counting.LEVEL);
    Ledger ledger = simulation.ledger();
    MemoryNodeCosts costs = params.costs();
    handOff = ledger.cost(costs.handOff());
    handle = ledger.cost(costs.handle());
    findTask = ledger.cost(costs.findTask());
    semaphore = ledger.cost(costs.semaphore());
    findVma = ledger.cost(costs.findVma());
    walk = ledger.cost(costs.walk());
    allocatePage = ledger.cost(costs.allocatePage());
    fill = ledger.cost(costs.fill());
    copy = ledger.cost(costs.copy());
    changeVma = ledger.cost(costs.changeVma());
    changeEntry = ledger.cost(costs.changeEntry());
    taskLock = new Server(name + " task table");
    zoneLock = new Server(name + " zone");
    physical = new PhysicalPages(params.capacityBytes());
    bufferInUse = new boolean[params.buffers()];
    workers = new Worker[params.workers()];
    for (int i = 0; i < workers.length; i++) {
      workers[i] =
          new Worker(simulation, this, fit, name + ".worker" + i, defects.waitsForStorage());
    }
    fit.serve(this);
  }

  /**
   * Gives the node a storage node for its files; called before it starts. Requests that need it go to a
   * thread of their own, unless the workers wait themselves.
   */
  public void attachStorage(Simulation simulation, int number) {
    Worker files =
        defects.waitsForStorage() ? null : new Worker(simulation, this, fit, name + ".files", true);
    PageCacheParams cache = params.pageCache();
    storage = new StorageLink(
        number,
        files,
        cache.isOn() ? new FilePages(cache) : null,
        params.replicates() ? new ReplicaLogs(simulation, this, params.replicaLogEntries()) : null);
  }

  boolean hasStorage() {
    return storage != null;
  }

  StorageLink storage() {
    StorageLink present = storage;
    if (present == null) {
      throw new ModelException(name + " has no storage node");
    }
    return present;
  }

  /**
   * Lets the nodes share address spaces; called before they start.
   *
   * @param nodes all memory nodes, by number
   */
  public static void distribute(
      Simulation simulation, List<MemoryNode> nodes, MemoryMonitor monitor) {
    Distribution shared = new Distribution(List.copyOf(nodes), monitor);
    for (MemoryNode node : nodes) {
      node.distribution = shared;
      node.status = new StatusThread(simulation, node, node.fit, monitor.number());
    }
  }

  Distribution distribution() {
    Distribution present = distribution;
    if (present == null) {
      throw new ModelException(name + " shares no address spaces");
    }
    return present;
  }

  /** Number of the node in the RPC layer. */
  public int fitNumber() {
    return fit.number();
  }

  int number() {
    return fit.number();
  }

  /** The last program has ended: nothing is reported any more. */
  public void stop() {
    if (status != null) {
      status.stop();
    }
  }

  /** Starts the workers; called once, when everything is wired. */
  public void start() {
    for (Worker worker : workers) {
      worker.start();
    }
    if (storage != null) {
      storage.start();
    }
    if (status != null) {
      status.start();
    }
  }

  public String name() {
    return name;
  }

  public MemoryCounters counters() {
    return counters;
  }

  FitNode fit() {
    return fit;
  }

  @Override
  @HotPath
  public boolean offer(Rpc rpc, PollThread pollThread) {
    if (bufferInUse[nextBuffer]) {
      bufferWaiter = pollThread;
      return false;
    }
    bufferInUse[nextBuffer] = true;
    int buffer = nextBuffer;
    nextBuffer = nextBuffer + 1 == bufferInUse.length ? 0 : nextBuffer + 1;
    Worker worker = workers[nextWorker];
    nextWorker = nextWorker + 1 == workers.length ? 0 : nextWorker + 1;
    worker.add(rpc, buffer, pollThread);
    return true;
  }

  /** The workers' queues together have got {@code more} requests. */
  @HotPath
  void showQueued(int more, long nowPs) {
    if (timeline != Timeline.NONE) {
      queued += more;
      timeline.count(queuedCounter, nowPs, queued);
    }
  }

  @HotPath
  void freeBuffer(int buffer, ExecutionContext by) {
    bufferInUse[buffer] = false;
    PollThread waiter = bufferWaiter;
    if (waiter != null && buffer == nextBuffer) {
      bufferWaiter = null;
      waiter.bufferFreed(by);
    }
  }

  static long key(int processorNode, int tgid) {
    return (long) processorNode << Integer.SIZE | tgid;
  }

  @HotPath
  @Nullable
  AddressSpace find(int processorNode, int tgid) {
    return spaces.get(key(processorNode, tgid));
  }

  AddressSpace create(int processorNode, int tgid) {
    AddressSpace space = new AddressSpace(name + " process " + tgid, physical, defects);
    spaces.put(key(processorNode, tgid), space);
    allSpaces.add(space);
    return space;
  }

  /**
   * A process begins: nobody said that one which had its number before has ended.
   *
   * @return pages that the one before had
   */
  long discard(int processorNode, int tgid) {
    AddressSpace former = find(processorNode, tgid);
    if (former == null) {
      return 0;
    }
    former.beginOperation();
    former.unmap(0, AddressSpace.TASK_END);
    spaces.remove(key(processorNode, tgid));
    allSpaces.remove(former);
    return former.pagesFreed;
  }

  /** An address space that may have parts elsewhere when nodes share them. */
  AddressSpace createHome(int processorNode, int tgid) {
    AddressSpace space = create(processorNode, tgid);
    if (distribution != null) {
      space.regions = new Regions(number());
    }
    return space;
  }

  /**
   * A process that runs already when the simulation begins: its mappings are here, or where the monitor
   * would have put them, at no cost.
   *
   * @return what the processor node has to know, as {@link
   *     org.legosim.kernel.rpc.Request#regions} carries it
   */
  public long[] loadImage(int processorNode, int tgid, List<Mapping> mappings) {
    return loadImage(processorNode, tgid, ImagePlacement.captured(mappings));
  }

  /** The same for mappings that have been placed. */
  public long[] loadImage(int processorNode, int tgid, ImagePlacement image) {
    List<Mapping> mappings = image.mappings();
    AddressSpace known = find(processorNode, tgid);
    AddressSpace space = known == null ? createHome(processorNode, tgid) : known;
    loader.load(space.loaded, mappings);
    Regions regions = space.regions;
    if (regions == null) {
      space.load(image);
      return new long[0];
    }
    space.load(image.withoutMappings());
    space.noteTails(mappings);
    regions.clear();
    for (int pass = 0; pass < 2; pass++) {
      for (Mapping mapping : mappings) {
        if (MappedImage.staysHome(mapping) == (pass == 0)) {
          place(processorNode, tgid, regions, mapping);
        }
      }
    }
    return regions.takeChanges();
  }

  private void place(int processorNode, int tgid, Regions regions, Mapping mapping) {
    Area area = MappedImage.areaOf(mapping);
    if (regions.needsRange(area.start(), area.end())) {
      boolean stays = MappedImage.staysHome(mapping);
      int node = stays ? number() : distribution().monitor().choose();
      regions.claim(area.start(), area.end(), node);
    }
    regions.remote.remove(area.start(), area.end());
    for (long at = area.start(); at < area.end(); at = regions.partEnd(at, area.end())) {
      Area piece = area.part(at, regions.partEnd(at, area.end()));
      MemoryNode owner = distribution().node(regions.nodeOf(at));
      AddressSpace known = owner.find(processorNode, tgid);
      (known == null ? owner.create(processorNode, tgid) : known).map(piece);
      if (owner != this) {
        regions.remote.insert(piece);
      }
    }
  }

  /**
   * Makes room for pages that the trace touches without a call that made them, as if it had always
   * been there: anonymous memory where the search finds a gap.
   *
   * @return its first address, or 0 when there is no room or such pages are not accepted
   */
  public long mapTouched(int processorNode, int tgid, long bytes) {
    AddressSpace space = find(processorNode, tgid);
    if (space == null || !params.mapsOnTouch()) {
      return 0;
    }
    Regions regions = space.regions;
    long start = regions == null
        ? space.place(bytes)
        : regions.place(bytes, number(), space.areas, AddressSpace.MAPPING_BOTTOM, space.mapTop());
    if (start != 0) {
      if (regions != null) {
        regions.claim(start, start + bytes, number());
      }
      space.map(Area.anonymous(start, start + bytes, 3));
    }
    return start;
  }

  /** The kernel's allocators run in this way; called before a program is loaded. */
  public void allocate(AllocParams alloc, AllocDefects allocDefects) {
    loader = new Loader(name, profile.heap(alloc, allocDefects), defects);
  }

  /** The loader makes an address space's next program; bytes of bss that it clears one by one. */
  long runLoader(AddressSpace space, List<Mapping> mappings) {
    loader.load(space.loaded, mappings);
    return space.noteTails(mappings);
  }

  /** What the next execve request of a process will leave behind as its mappings. */
  public void stageImage(int processorNode, int tgid, ImagePlacement image) {
    staged.put(key(processorNode, tgid), image);
  }

  /** The mappings of that image; empty when there is none. */
  List<Mapping> stagedMappings(int processorNode, int tgid) {
    ImagePlacement image = staged.get(key(processorNode, tgid));
    return image == null ? List.of() : image.mappings();
  }

  @Nullable
  ImagePlacement takeStagedImage(int processorNode, int tgid) {
    long key = key(processorNode, tgid);
    ImagePlacement image = staged.get(key);
    staged.remove(key);
    return image;
  }

  /** Time for which workers were busy, summed over them. */
  public long workersBusyPs() {
    long busyPs = 0;
    for (Worker worker : workers) {
      busyPs += worker.busyPs();
    }
    return busyPs;
  }

  public int workerCount() {
    return workers.length;
  }

  public long pagesInUse() {
    return physical.inUse();
  }

  /** What this run met and this level does not model, a sentence each. */
  public List<String> approximations() {
    return counters.approximations(name, hasStorage());
  }

  /** Checks at the end of a run that nothing is held. */
  public void verifyQuiescent() {
    for (boolean inUse : bufferInUse) {
      if (inUse) {
        throw new InvariantViolation(name + " still holds a request buffer");
      }
    }
    for (AddressSpace space : allSpaces) {
      if (!space.semaphore.isFree()) {
        throw new InvariantViolation(name + " still holds a semaphore of an address space");
      }
    }
    if (distribution != null) {
      spaces.forEach((key, space) -> verifyParts(key, space));
    }
  }

  /** What this home node believes to be elsewhere is there, and nothing else is. */
  private void verifyParts(long key, AddressSpace space) {
    Regions regions = space.regions;
    if (regions == null) {
      return;
    }
    for (MemoryNode owner : distribution().nodes()) {
      AddressSpace part = owner.spaces.get(key);
      if (part != null) {
        regions.verifyPart(owner.number(), part.areas, params.mapsOnTouch());
      }
    }
  }
}
