package org.legosim.kernel.pcache;

import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Status;
import org.legosim.timing.results.TimeCategory;

/**
 * A pcache with CPUs that run scripts, a memory node that answers after a fixed time and TLB
 * shootdowns of a fixed time: small enough to work the expected events out by hand.
 */
final class PcacheHarness {
  static final long PAGE = 4096;
  static final long RPC_PS = 5_000_000;
  static final long SHOOTDOWN_PS = 1_000_000;
  private static final long STEP_PS = 10_000;

  final Simulation simulation;
  final Pcache pcache;
  final StringBuilder log = new StringBuilder();
  final List<Cpu> cpus = new ArrayList<>();
  private final List<KernelLock> mmLocks = new ArrayList<>();
  /** Decides the status of each request; 0 unless a test says otherwise. */
  Consumer<Request> memory = request -> {};
  /** What was sent: one word per request. */
  final List<String> sent = new ArrayList<>();

  long shootdowns;
  long prefetchedLines;
  boolean logsTimes;

  PcacheHarness(PcacheParams params) {
    this(params, PcacheDefects.NONE, 1, true);
  }

  PcacheHarness(PcacheParams params, PcacheDefects defects, long seed, boolean logs) {
    this(params, defects, seed, logs, true);
  }

  PcacheHarness(
      PcacheParams params, PcacheDefects defects, long seed, boolean logs, boolean runsAhead) {
    this(params, defects, seed, logs, runsAhead, true);
  }

  private PcacheHarness(
      PcacheParams params,
      PcacheDefects defects,
      long seed,
      boolean logs,
      boolean runsAhead,
      boolean isWatched) {
    simulation = new Simulation(seed, runsAhead);
    pcache = new Pcache(
        simulation,
        params,
        flatCosts(),
        logs ? this::append : EventLog.NONE,
        "P0",
        defects,
        isWatched);
  }

  /** Nobody judges the pcache's steps, so that a test may damage it. */
  static PcacheHarness unwatched(PcacheParams params) {
    return new PcacheHarness(params, PcacheDefects.NONE, 1, false, true, false);
  }

  /** Every step takes 10 ns, every KiB copied or cleared too. */
  static PcacheCosts flatCosts() {
    RecordComponent[] components = PcacheCosts.class.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = Constant.class;
      values[i] = step("pcache.costs." + components[i].getName());
    }
    try {
      return PcacheCosts.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Constant step(String key) {
    return new Constant(key, STEP_PS, Status.ASSUMED);
  }

  static PcacheParams params(
      int sets,
      int ways,
      ReplacementPolicy policy,
      EvictionMechanism eviction,
      int victimEntries,
      boolean piggyback) {
    return new PcacheParams(
        (long) sets * ways * PAGE,
        1L << 32,
        PAGE,
        0,
        ways,
        policy,
        eviction,
        victimEntries,
        piggyback,
        FreeLineMethod.LIST,
        true,
        0,
        PrefetchPolicy.OFF,
        1,
        1,
        64,
        32,
        30_000_000_000_000L,
        20_000_000_000_000L);
  }

  /** The same structure with prefetching. */
  static PcacheParams prefetching(
      PcacheParams p, PrefetchPolicy policy, int depth, int threads, int queue) {
    return new PcacheParams(
        p.sizeBytes(),
        p.physicalStart(),
        p.lineBytes(),
        p.fetchBytes(),
        p.ways(),
        p.policy(),
        p.eviction(),
        p.victimEntries(),
        p.piggyback(),
        p.freeLines(),
        p.zeroFill(),
        p.sweepIntervalPs(),
        policy,
        depth,
        threads,
        queue,
        32,
        p.allocTimeoutPs(),
        p.victimTimeoutPs());
  }

  static PcacheParams perSetList(int sets, int ways) {
    return params(sets, ways, ReplacementPolicy.LRU, EvictionMechanism.PER_SET_LIST, 8, true);
  }

  /** Address of page {@code page} of the first page-table page. */
  static long page(long page) {
    return 0x7f0000000000L + page * PAGE;
  }

  private KernelLock mmLock(AddressSpace space) {
    while (mmLocks.size() <= space.index()) {
      mmLocks.add(new KernelLock("mm lock " + mmLocks.size()));
    }
    return mmLocks.get(space.index());
  }

  AddressSpace space(int tgid) {
    return pcache.createSpace(tgid, 1);
  }

  /** Adds the victim cache's flush thread, on CPU 9. */
  PcacheHarness withFlushThread() {
    PinnedThread thread = new PinnedThread(simulation, "kvictim_flushd", 9);
    thread.wire(new HarnessMachine.FixedRpc(this, thread));
    VictimFlushDaemon.start(pcache, thread);
    return this;
  }

  /** Adds the prefetching threads, on CPUs 20 and up. */
  PcacheHarness withPrefetchThreads() {
    List<PinnedThread> threads = new ArrayList<>();
    for (int i = 0; i < pcache.params.prefetchThreads(); i++) {
      PinnedThread thread = new PinnedThread(simulation, "kprefetchd" + i, 20 + i);
      thread.wire(new HarnessMachine.FixedRpc(this, thread));
      thread.wireShootdown(new HarnessMachine.FixedShootdown(this, thread));
      threads.add(thread);
    }
    Prefetcher.start(pcache, threads, line -> prefetchedLines++);
    return this;
  }

  Cpu cpu() {
    Cpu cpu = new Cpu(this, "cpu" + cpus.size(), cpus.size());
    cpus.add(cpu);
    return cpu;
  }

  /** Runs every script to its end and checks that all is quiet. */
  PcacheHarness run() {
    for (Cpu cpu : cpus) {
      cpu.start();
    }
    simulation.run();
    simulation.verifyQuiescent();
    new PcacheChecker(pcache).check();
    return this;
  }

  String events() {
    String all = log.toString().strip();
    log.setLength(0);
    return all;
  }

  private void append(long timePs, int cpu, char kind, int tgid, long address, int set, int way) {
    if (logsTimes) {
      log.append(timePs).append(' ');
    }
    log.append(String.format(
        Locale.ROOT, "%d %c %d:%d %d.%d%n", cpu, kind, tgid, (address - page(0)) / PAGE, set, way));
  }

  /** A CPU that runs its script's operations one after the other. */
  static final class Cpu extends KernelContext {
    private final PcacheHarness harness;
    private final int index;
    private final ArrayDeque<Runnable> script = new ArrayDeque<>();
    final PcachePaths paths;
    private final KernelPath sendReply;
    private final KernelPath shootdown;
    private AddressSpace space;
    private long address;
    private boolean isStore;
    private boolean isAccessing;
    private int loopLeft;
    private int loopDone;
    private AddressSpace loopSpace;
    private long loopStart;
    private int loopPages;
    private int loopWriteEvery;
    IntConsumer onAccess = count -> {};
    long lookups;
    long hits;
    long outcome;
    final long[] categoryPs = new long[TimeCategory.values().length];
    private long stampPs;

    Cpu(PcacheHarness harness, String name, int index) {
      super(harness.simulation, name);
      this.harness = harness;
      this.index = index;
      this.sendReply = new HarnessMachine.FixedRpc(harness, this);
      this.shootdown = new HarnessMachine.FixedShootdown(harness, this);
      this.paths = new PcachePaths(harness.pcache, this);
    }

    Cpu read(AddressSpace in, long... addresses) {
      for (long at : addresses) {
        script.add(() -> access(in, at, false));
      }
      return this;
    }

    /** {@code count} accesses that stride over {@code pages} pages, every {@code writeEvery}th a write. */
    Cpu loop(AddressSpace in, long start, int pages, int count, int writeEvery) {
      loopLeft = count;
      loopSpace = in;
      loopStart = start;
      loopPages = pages;
      loopWriteEvery = writeEvery;
      return this;
    }

    private void nextOfLoop() {
      loopLeft--;
      loopDone++;
      access(
          loopSpace,
          loopStart + (loopDone * 17L % loopPages) * PAGE,
          loopDone % loopWriteEvery == 0);
      onAccess.accept(loopDone);
    }

    Cpu write(AddressSpace in, long... addresses) {
      for (long at : addresses) {
        script.add(() -> access(in, at, true));
      }
      return this;
    }

    /** An operation that pushes a path, or does nothing that takes time. */
    Cpu then(Runnable operation) {
      script.add(operation);
      return this;
    }

    /** The corrected kernel serialises what changes one address space. */
    private Cpu changes(AddressSpace in, Runnable operation) {
      KernelLock lock = harness.mmLock(in);
      script.add(() -> stack.call(new HarnessPaths.Acquire(this, lock)));
      script.add(operation);
      script.add(() -> lock.release(this, 0));
      return this;
    }

    /** mmap of {@code pages} anonymous pages. */
    Cpu map(AddressSpace in, long start, long pages) {
      return changes(in, () -> paths.callMapped(in, start, start + pages * PAGE));
    }

    Cpu unmap(AddressSpace in, long start, long pages) {
      return changes(in, () -> paths.callUnmap(in, start, start + pages * PAGE));
    }

    Cpu move(AddressSpace in, long from, long to, long pages) {
      return changes(in, () -> paths.callMove(in, from, to, pages * PAGE));
    }

    /** fork of everything, as private writable memory. */
    Cpu fork(AddressSpace parent, AddressSpace child) {
      return fork(parent, child, 0, AddressSpace.END, Request.AREA_WRITABLE);
    }

    /** fork with the given areas: start, end, flags of each. */
    Cpu fork(AddressSpace parent, AddressSpace child, long... areas) {
      return changes(parent, () -> paths.callFork(parent, child, areas));
    }

    Cpu exit(AddressSpace in) {
      return changes(in, () -> paths.callRelease(in));
    }

    /** Waits until {@code timePs}. */
    Cpu at(long timePs) {
      script.add(() -> stack.call(new HarnessPaths.Sleep(this, timePs)));
      return this;
    }

    private void access(AddressSpace in, long at, boolean store) {
      space = in;
      address = at;
      isStore = store;
      isAccessing = true;
      outcome = FaultPath.HANDLED;
    }

    private void start() {
      simulation.schedule(id(), id(), Simulation.PRIORITY_NORMAL, nowPs(), payload(1, 0));
    }

    @Override
    public void onEvent(long payload) {
      if (tagOf(payload) == 1) {
        stampPs = nowPs();
      } else if (!isCurrent(payload)) {
        return;
      }
      simulation.progress();
      while (true) {
        if (!stack.isEmpty()) {
          if (stack.run() == KernelPath.WAIT) {
            return;
          }
          outcome = stack.result;
        }
        if (isAccessing) {
          tryAccess();
        } else if (loopLeft > 0) {
          nextOfLoop();
        } else if (script.isEmpty()) {
          return;
        } else {
          script.remove().run();
        }
      }
    }

    private void tryAccess() {
      lookups++;
      long found = space.walk(address, isStore);
      if (found != AddressSpace.NOT_PRESENT) {
        hits++;
        isAccessing = false;
        harness.pcache.onHit((int) (found >>> 1));
        return;
      }
      if (outcome != FaultPath.HANDLED) {
        isAccessing = false;
        return;
      }
      long flags = FaultPath.USER | (isStore ? FaultPath.WRITE : 0);
      paths.callFault(space, address, flags);
    }

    @Override
    public int cpuIndex() {
      return index;
    }

    /** Each script is a thread of its own. */
    @Override
    public int taskId() {
      return index + 1;
    }

    @Override
    public KernelPath sendReply() {
      return sendReply;
    }

    @Override
    public KernelPath shootdown() {
      return shootdown;
    }

    @Override
    public void stamp(TimeCategory category) {
      categoryPs[category.ordinal()] += nowPs() - stampPs;
      stampPs = nowPs();
    }

    @Override
    public void stampRequest() {
      stamp(TimeCategory.WIRE);
    }

    long stampedPs() {
      return Arrays.stream(categoryPs).sum();
    }
  }
}
