package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * Runs a random multi-threaded program step by step, in one process that forks, and writes what a capture would. Keeps the
 * truth about each record: what must have happened before it. Ordinary accesses carry no sequence number, so that the
 * capture does not tell all that happened here.
 */
final class RandomProgram {
  /** What one record did. */
  record Truth(Kind kind, int space, long start, long end, List<Long> after) {}

  enum Kind {
    PLAIN,
    ACCESS,
    ATOMIC,
    MAPS,
    UNMAPS,
    /** Copies what is mapped to the process whose pid is in place of the start. */
    FORKS
  }

  private static final long BASE = 0x7f0000000000L;
  private static final long PAGE = 4096;
  private static final int AREA_PAGES = 24;
  private static final int MOST_THREADS = 7;

  private final Random random;
  private final LtraceWriter writer;
  private final List<Runner> threads = new ArrayList<>();
  private final Map<Integer, NavigableMap<Long, Long>> mapped = new HashMap<>();
  private final Map<Long, Long> lastAtomic = new HashMap<>();
  private final Map<Long, Runner> sleepers = new HashMap<>();
  private final Map<Long, List<Long>> pipeWrites = new HashMap<>();
  private int nextId = 100;

  /** One thread, and the call it is in. */
  private static final class Runner {
    final int index;
    final int pid;
    final int tid;
    final ThreadWriter out;
    final List<Truth> truths = new ArrayList<>();
    Runnable inCall;
    boolean isAsleep;
    boolean hasEnded;
    boolean hasBegun;
    List<Long> firstAfter = List.of();

    Runner(int index, int pid, int tid, ThreadWriter out) {
      this.index = index;
      this.pid = pid;
      this.tid = tid;
      this.out = out;
    }
  }

  RandomProgram(Random random, LtraceWriter writer) {
    this.random = random;
    this.writer = writer;
  }

  /** The truths of each thread in the order of (pid, tid). */
  Map<Integer, List<Truth>> run(int steps) {
    startProcess(0, List.of());
    mapped.put(threads.get(0).pid, new TreeMap<>());
    for (int i = 0; i < steps; i++) {
      Runner thread = threads.get(random.nextInt(threads.size()));
      if (!thread.hasEnded && !thread.isAsleep) {
        step(thread);
      }
    }
    // All calls return but one thread's: the capture was cut there.
    Runner cut = threads.get(random.nextInt(threads.size()));
    for (Runner thread : threads) {
      if (thread != cut && thread.inCall != null) {
        thread.inCall.run();
      }
    }
    Map<Integer, List<Truth>> truths = new TreeMap<>();
    threads.forEach(thread -> truths.put(thread.tid, thread.truths));
    return truths;
  }

  private Runner startProcess(int parent, List<Long> after) {
    int pid = nextId++;
    writer.process(new ProcessBlock(pid, pid, parent, "p" + pid, List.of()));
    return startThread(pid, pid, after);
  }

  private Runner startThread(int pid, int tid, List<Long> after) {
    Runner thread = new Runner(threads.size(), pid, tid, writer.thread(pid, tid));
    thread.firstAfter = after;
    threads.add(thread);
    return thread;
  }

  private void step(Runner thread) {
    if (thread.inCall != null) {
      Runnable rest = thread.inCall;
      thread.inCall = null;
      rest.run();
      return;
    }
    switch (random.nextInt(24)) {
      case 0, 1, 2 -> map(thread);
      case 3, 4 -> unmap(thread);
      case 5, 6 -> atomic(thread);
      case 7 -> clone(thread);
      case 8 -> protect(thread);
      case 9 -> sleep(thread);
      case 10 -> wake(thread);
      case 11 -> writePipe(thread);
      case 12 -> readPipe(thread);
      case 13 -> exit(thread);
      default -> access(thread);
    }
  }

  private void note(Runner thread, Kind kind, long start, long end, List<Long> after) {
    List<Long> all = new ArrayList<>(after);
    if (!thread.hasBegun) {
      all.addAll(thread.firstAfter);
      thread.hasBegun = true;
    }
    thread.truths.add(new Truth(kind, thread.pid, start, end, all));
  }

  private void note(Runner thread) {
    note(thread, Kind.PLAIN, 0, 0, List.of());
  }

  private static long place(Runner thread) {
    return (long) thread.tid << 32 | thread.truths.size();
  }

  private static long lastPlace(Runner thread) {
    return (long) thread.tid << 32 | (thread.truths.size() - 1);
  }

  private void enter(Runner thread, long number, long... arguments) {
    long[] six = new long[6];
    System.arraycopy(arguments, 0, six, 0, arguments.length);
    thread.out.syscallEnter(1, number, six, 6, List.of());
  }

  private NavigableMap<Long, Long> space(Runner thread) {
    return mapped.get(thread.pid);
  }

  private void access(Runner thread) {
    long address = mappedAddress(thread);
    if (address != 0) {
      thread.out.access(
          random.nextBoolean() ? AccessKind.LOAD : AccessKind.STORE, 8, address, 2, 0x400000);
      note(thread, Kind.ACCESS, address, address + 8, List.of());
    }
  }

  private void atomic(Runner thread) {
    long address = mappedAddress(thread);
    if (address == 0) {
      return;
    }
    address = (address & -PAGE) + 8L * random.nextInt(3);
    long word = address << 8 | (thread.pid & 0xff);
    Long before = lastAtomic.put(word, place(thread));
    thread.out.access(AccessKind.ATOMIC, 8, address, 2, 0x400010);
    note(thread, Kind.ATOMIC, address, address + 8, before == null ? List.of() : List.of(before));
  }

  private long mappedAddress(Runner thread) {
    List<Map.Entry<Long, Long>> ranges = new ArrayList<>(space(thread).entrySet());
    if (ranges.isEmpty()) {
      return 0;
    }
    Map.Entry<Long, Long> range = ranges.get(random.nextInt(ranges.size()));
    long pages = (range.getValue() - range.getKey()) / PAGE;
    return range.getKey() + PAGE * random.nextInt((int) pages) + 8L * random.nextInt(500);
  }

  private void map(Runner thread) {
    int pages = 1 + random.nextInt(4);
    long start = BASE + PAGE * random.nextInt(AREA_PAGES - pages);
    long end = start + PAGE * pages;
    if (overlaps(space(thread), start, end) || overlaps(reserved(thread), start, end)) {
      return;
    }
    reserved(thread).put(start, end);
    enter(thread, 9, 0, end - start, 3, 0x22, -1, 0);
    note(thread);
    thread.inCall = () -> {
      thread.out.syscallReturn(start, List.of());
      note(thread, Kind.MAPS, start, end, List.of());
      reserved(thread).remove(start);
      space(thread).put(start, end);
    };
  }

  private final Map<Integer, NavigableMap<Long, Long>> reservations = new HashMap<>();

  private NavigableMap<Long, Long> reserved(Runner thread) {
    return reservations.computeIfAbsent(thread.pid, pid -> new TreeMap<>());
  }

  private static boolean overlaps(NavigableMap<Long, Long> ranges, long start, long end) {
    Map.Entry<Long, Long> before = ranges.lowerEntry(end);
    return before != null && before.getValue() > start;
  }

  private void unmap(Runner thread) {
    Map.Entry<Long, Long> range = randomRange(thread);
    if (range == null) {
      return;
    }
    long start = range.getKey();
    long end = range.getValue();
    space(thread).remove(start);
    long from = start + PAGE * random.nextInt((int) ((end - start) / PAGE));
    long to = from + PAGE * (1 + random.nextInt((int) ((end - from) / PAGE)));
    if (start < from) {
      space(thread).put(start, from);
    }
    if (to < end) {
      space(thread).put(to, end);
    }
    enter(thread, 11, from, to - from);
    note(thread, Kind.UNMAPS, from, to, List.of());
    thread.inCall = () -> {
      thread.out.syscallReturn(0, List.of());
      note(thread);
    };
  }

  /** Protects a range that nobody else uses meanwhile. */
  private void protect(Runner thread) {
    Map.Entry<Long, Long> range = randomRange(thread);
    if (range == null) {
      return;
    }
    long start = range.getKey();
    long end = range.getValue();
    space(thread).remove(start);
    reserved(thread).put(start, end);
    boolean discards = random.nextBoolean();
    enter(thread, discards ? 28 : 10, start, end - start, discards ? 4 : 3);
    note(thread);
    thread.inCall = () -> {
      thread.out.syscallReturn(0, List.of());
      note(thread);
      reserved(thread).remove(start);
      space(thread).put(start, end);
    };
  }

  private Map.Entry<Long, Long> randomRange(Runner thread) {
    List<Map.Entry<Long, Long>> ranges = new ArrayList<>(space(thread).entrySet());
    return ranges.isEmpty() ? null : ranges.get(random.nextInt(ranges.size()));
  }

  private void clone(Runner thread) {
    if (threads.size() >= MOST_THREADS) {
      return;
    }
    boolean forks = random.nextInt(3) == 0;
    if (forks && !reserved(thread).isEmpty()) {
      return;
    }
    long entered = place(thread);
    enter(thread, 56, forks ? 0x1200011 : 0x3d0f00, 0, 0, 0, 0);
    note(thread, forks ? Kind.FORKS : Kind.PLAIN, forks ? nextId : 0, 0, List.of());
    Runner child = forks
        ? startProcess(thread.pid, List.of(entered))
        : startThread(thread.pid, nextId++, List.of(entered));
    if (forks) {
      mapped.put(child.pid, new TreeMap<>(space(thread)));
      child.inCall = () -> {
        child.out.syscallReturn(0, List.of());
        note(child);
      };
    }
    thread.inCall = () -> {
      thread.out.syscallReturn(child.tid, List.of());
      note(thread);
    };
  }

  private void sleep(Runner thread) {
    long address = mappedAddress(thread) & -PAGE;
    long key = address << 8 | (thread.pid & 0xff);
    if (address == 0 || sleepers.containsKey(key)) {
      return;
    }
    enter(thread, 202, address, 0x80, 0);
    note(thread);
    thread.isAsleep = true;
    sleepers.put(key, thread);
  }

  private void wake(Runner thread) {
    for (Map.Entry<Long, Runner> entry : new TreeMap<>(sleepers).entrySet()) {
      Runner sleeper = entry.getValue();
      if (sleeper.pid != thread.pid) {
        continue;
      }
      sleepers.remove(entry.getKey());
      long entered = place(thread);
      enter(thread, 202, entry.getKey() >> 8, 0x81, 1);
      note(thread);
      sleeper.isAsleep = false;
      sleeper.inCall = () -> {
        sleeper.out.syscallReturn(0, List.of());
        note(sleeper, Kind.PLAIN, 0, 0, List.of(entered));
      };
      thread.inCall = () -> {
        thread.out.syscallReturn(1, List.of());
        note(thread);
      };
      return;
    }
  }

  private void writePipe(Runner thread) {
    if (!pipeWrites.containsKey((long) thread.pid)) {
      if (threads.get(0).pid != thread.pid) {
        return;
      }
      pipeWrites.put((long) thread.pid, new ArrayList<>());
      enter(thread, 22, 0);
      note(thread);
      thread.out.syscallReturn(0, List.of("3", "4"));
      note(thread);
    }
    pipeWrites.get((long) thread.pid).add(place(thread));
    enter(thread, 1, 4, 0, 10);
    note(thread);
    thread.inCall = () -> {
      thread.out.syscallReturn(10, List.of());
      note(thread);
    };
  }

  private void readPipe(Runner thread) {
    List<Long> writes = pipeWrites.get((long) thread.pid);
    if (writes == null || writes.isEmpty()) {
      return;
    }
    long write = writes.remove(0);
    enter(thread, 0, 3, 0, 10);
    note(thread);
    thread.out.syscallReturn(10, List.of());
    note(thread, Kind.PLAIN, 0, 0, List.of(write));
  }

  private void exit(Runner thread) {
    if (thread.index == 0 || random.nextInt(3) > 0) {
      return;
    }
    enter(thread, 60, 0);
    note(thread);
    thread.out.exit();
    note(thread);
    thread.hasEnded = true;
    assert lastPlace(thread) > 0;
  }
}
