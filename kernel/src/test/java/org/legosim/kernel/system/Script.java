package org.legosim.kernel.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.legosim.kernel.check.ContentOracle;
import org.legosim.kernel.memory.MemoryCounters;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.kernel.processor.ListTrace;
import org.legosim.timing.results.ProfileRow;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.results.RunResult;
import org.legosim.timing.trace.AccessKind;

/**
 * A program of one or more processes as a trace whose operations are done one after the other, and
 * what a whole machine makes of it: the pcache's events, one word each, and the kernel's counters.
 *
 * <p>Pages are numbered from {@link #BASE}, whose set is 0 in every machine with up to 64 Ki sets.
 */
final class Script {
  static final long PAGE = 4096;
  static final long BASE = 0x7f0000000000L;

  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;

  private final ListTrace trace = new ListTrace();
  private final Map<Integer, ListTrace.Writer> threads = new LinkedHashMap<>();
  private final List<ListTrace.Writer> order = new ArrayList<>();
  private final Map<String, String> keys = new LinkedHashMap<>();
  private final List<String> events = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private CheckParams.When checked = CheckParams.When.ALWAYS;
  private ListTrace.Writer current;
  private ListTrace.Writer last;
  private boolean isOrdered = true;
  private boolean isScattered;
  private long accesses;
  private long seed = 1;
  private RunResult result;
  private LegoSystem system;

  /** A machine with {@code sets} sets of {@code ways} lines. */
  Script(int sets, int ways) {
    keys.put("pcache.size", sets * ways * 4 + " KiB");
    keys.put("pcache.ways", String.valueOf(ways));
    keys.put("caches.model", "off");
    keys.put("tlb.model", "off");
    keys.put("processor.cpus", "16");
    process(1);
  }

  Script set(String key, String value) {
    keys.put(key, value);
    return this;
  }

  /** Everything is checked always, unless this is called: for programs whose threads race with each other. */
  Script checkedAtTheEnd() {
    checked = CheckParams.When.FINAL;
    return this;
  }

  Script fault(String number) {
    faults.add(number);
    return this;
  }

  Script seed(long runSeed) {
    seed = runSeed;
    return this;
  }

  /** A process that runs from the start. */
  Script process(int pid) {
    trace.process(pid, 0);
    return begin(pid, pid);
  }

  private Script begin(int pid, int tid) {
    ListTrace.Writer thread = trace.thread(pid, tid);
    threads.put(tid, thread);
    order.add(thread);
    current = thread;
    return this;
  }

  /** A further thread of a process, which runs from the start. */
  Script thread(int pid, int tid) {
    return begin(pid, tid);
  }

  /** What follows is done by that thread, after everything before. */
  Script by(int tid) {
    current = threads.get(tid);
    return this;
  }

  /** What follows is done by the threads at once. */
  Script unordered() {
    isOrdered = false;
    return this;
  }

  /** The present thread goes on when thread {@code tid} has done what it was given so far. */
  Script after(int tid) {
    ListTrace.Writer other = threads.get(tid);
    current.waitFor(current.size(), other, order.indexOf(other), other.size() - 1);
    return this;
  }

  private void gate() {
    if (isOrdered && last != null && last != current) {
      current.waitFor(current.size(), last, order.indexOf(last), last.size() - 1);
    }
    last = current;
  }

  private Script access(int kind, long... pages) {
    for (long page : pages) {
      gate();
      current.access(kind, BASE + page * PAGE + offset(), 8, 3);
    }
    return this;
  }

  /** Accesses are all over their pages, not at their first bytes. */
  Script scattered() {
    isScattered = true;
    return this;
  }

  private long offset() {
    return isScattered ? accesses++ * 328 % (PAGE - 8) : 0;
  }

  /** One access of 8 bytes at a distance from {@link #BASE}. */
  Script at(long offset, boolean writes) {
    gate();
    current.access(writes ? AccessKind.STORE : AccessKind.LOAD, BASE + offset, 8, 3);
    return this;
  }

  Script read(long... pages) {
    return access(AccessKind.LOAD, pages);
  }

  Script write(long... pages) {
    return access(AccessKind.STORE, pages);
  }

  Script execute(long... pages) {
    return access(AccessKind.FETCH, pages);
  }

  private Script call(int number, long callResult, long... arguments) {
    gate();
    current.enter(number, arguments).leave(callResult);
    return this;
  }

  private Script mmap(long page, long pages, int protection, int flags) {
    long at = BASE + page * PAGE;
    return call(9, at, at, pages * PAGE, protection, flags, -1, 0);
  }

  /** Private anonymous memory, readable and writable. */
  Script map(long page, long pages) {
    return mmap(page, pages, 3, MAP_PRIVATE | MAP_ANONYMOUS);
  }

  /** The same where the kernel likes; when captured that was {@code page}. */
  Script mapAnywhere(long page, long pages) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    return call(9, BASE + page * PAGE, 0, pages * PAGE, 3, flags, -1, 0);
  }

  /** A read of a file into memory. */
  Script readFile(long page, long offset, long bytes) {
    return call(0, bytes, 3, BASE + page * PAGE + offset, bytes);
  }

  Script mapProtected(long page, long pages, int protection) {
    return mmap(page, pages, protection, MAP_PRIVATE | MAP_ANONYMOUS);
  }

  Script mapShared(long page, long pages) {
    return mmap(page, pages, 3, MAP_SHARED | MAP_ANONYMOUS);
  }

  Script mapFixed(long page, long pages) {
    return mmap(page, pages, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
  }

  /** A private mapping of a file: its pages are not marked. */
  Script mapFile(long page, long pages) {
    return mmap(page, pages, 3, MAP_PRIVATE);
  }

  Script protect(long page, long pages, int protection) {
    return call(10, 0, BASE + page * PAGE, pages * PAGE, protection);
  }

  Script unmap(long page, long pages) {
    return call(11, 0, BASE + page * PAGE, pages * PAGE);
  }

  Script remap(long from, long pages, long to, long newPages) {
    long at = BASE + to * PAGE;
    return call(25, at, BASE + from * PAGE, pages * PAGE, newPages * PAGE, 1, 0);
  }

  Script brk(long page) {
    return call(12, BASE + page * PAGE, BASE + page * PAGE);
  }

  /** The present thread forks; the child is the process and thread {@code pid}. */
  Script fork(int pid) {
    return fork(57, pid);
  }

  /** The same, in the parent's address space. */
  Script vfork(int pid) {
    return fork(58, pid);
  }

  private Script fork(int number, int pid) {
    gate();
    ListTrace.Writer parent = current;
    long record = parent.size();
    parent.enter(number).leave(pid);
    trace.process(pid, 1);
    begin(pid, pid);
    current.waitFor(0, parent, order.indexOf(parent), record);
    last = parent;
    current = parent;
    return this;
  }

  /** Runs the machine; the events, one word each: kind, process and page, set.way. */
  String run() {
    return run(true, false);
  }

  /**
   * Runs the machine.
   *
   * @param runsAhead false for the plain engine
   * @param withTimes puts time and CPU before each event, and every metric behind them
   */
  String run(boolean runsAhead, boolean withTimes) {
    events.clear();
    EventLog log = (timePs, cpu, kind, tgid, address, set, way) -> {
      String event = String.format(
          Locale.ROOT, "%c%d:%d@%d.%d", kind, tgid, (address - BASE) / PAGE, set, way);
      events.add(withTimes ? timePs + "/" + cpu + "/" + event : event);
    };
    SystemParams base = RunAheadLawTest.params(keys);
    SystemParams params = new SystemParams(
        base.processor(),
        base.processorCosts(),
        base.cpu(),
        base.pcache(),
        base.pcacheCosts(),
        base.network(),
        base.fit(),
        base.memory(),
        base.storage(),
        new CheckParams(checked, faults));
    RunOptions options = new RunOptions(
        new RunIdentity("c", "t", "v", seed), log, runsAhead, RunOptions.Progress.NONE);
    system = new LegoSystem(params, options).load(new Application(trace, 0));
    result = system.run();
    if (withTimes) {
      result
          .metrics()
          .entries()
          .forEach(entry -> events.add(entry.metric().name() + "=" + entry.value()));
    }
    return String.join(" ", events);
  }

  /** What the last run approximated or warned of. */
  List<String> approximations() {
    return result.approximations();
  }

  /** What the programs of the last run have found in memory, as one number. */
  long valuesRead() {
    return ((ContentOracle) ((RemoteMachine) system.machine()).backing(0).audit()).valuesRead();
  }

  /** The counters of memory node {@code index} in the last run. */
  MemoryCounters memoryNode(int index) {
    return ((RemoteMachine) system.machine()).memoryNodes().get(index).counters();
  }

  /** Pages in use at memory node {@code index} at the end of the last run. */
  long pagesAt(int index) {
    return ((RemoteMachine) system.machine()).memoryNodes().get(index).pagesInUse();
  }

  /** A metric of the last run. */
  long metric(String name) {
    return result.metrics().entries().stream()
        .filter(entry -> entry.metric().name().equals(name))
        .mapToLong(entry -> entry.longValue())
        .findFirst()
        .orElseThrow();
  }

  /** The profile points of the last run. */
  List<ProfileRow> profile() {
    return result.profile();
  }

  long nr(String counter) {
    return metric("kernel_nr_" + counter);
  }
}
