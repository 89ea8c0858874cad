package org.legosim.trace.pack;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.trace.Mapping;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.ScannedTrace;

/**
 * Second pass: goes through the stamps in the global order. Hashes the canonical order, and follows the mappings of
 * every address space.
 */
final class OrderPass {
  private final List<ThreadTotals> totals;
  private final CloneTable clones;
  private final PendingGates gates;
  private final Map<SpaceKey, List<Mapping>> images = new HashMap<>();
  private final Map<SpaceKey, AddressSpace> spaces = new TreeMap<>();
  private final Map<String, Long> objects = new HashMap<>();
  private final @Nullable MappingCall[] current;
  private final RecordHash orderHash = new RecordHash();
  private final long[] done;
  private int runThread = Instance.NO_THREAD;
  private long runRecords;

  OrderPass(ScannedTrace trace, List<ThreadTotals> totals, CloneTable clones, PendingGates gates) {
    this.totals = totals;
    this.clones = clones;
    this.gates = gates;
    this.current = new MappingCall[totals.size()];
    this.done = new long[totals.size()];
    for (ImageBlock image : trace.images()) {
      images.put(new SpaceKey(image.pid(), image.image()), image.mappings());
    }
  }

  void run(StampMerger merger, Set<SpaceKey> keys) {
    while (merger.next()) {
      Stamp stamp = merger.stamp();
      int thread = merger.thread();
      boolean isRecord = stamp.kind != Ltrace.ORDER;
      addToOrder(thread, stamp.record + (isRecord ? 1 : 0));
      switch (stamp.kind) {
        case Ltrace.SYSCALL_ENTER -> enter(thread, stamp);
        case Ltrace.SYSCALL_RETURN -> leave(thread, stamp);
        case Ltrace.EXEC -> exec(thread, stamp);
        default -> {}
      }
    }
    for (int t = 0; t < totals.size(); t++) {
      addToOrder(t, totals.get(t).records());
    }
    endRun();
    keys.forEach(this::space);
    spaces.values().forEach(AddressSpace::finish);
  }

  /** SHA-256 of the canonical order. */
  byte[] orderHash() {
    return orderHash.finish();
  }

  Map<SpaceKey, AddressSpace> spaces() {
    return spaces;
  }

  private void enter(int thread, Stamp stamp) {
    MappingCall call = new MappingCall(
        thread, stamp.record, stamp.sequence, stamp.number, stamp.arguments.clone());
    current[thread] = call;
    if (LinuxCalls.changesMappings(stamp.number)) {
      space(keyOf(thread, stamp)).enter(call);
    }
    CloneCall made = clones.enteredBy(thread, stamp.record);
    if (made != null && !clones.makesThread(made)) {
      space(keyOf(thread, stamp)).fork(call);
      SpaceKey child = new SpaceKey(made.child(), 0);
      if (!images.containsKey(child)) {
        spaces.putIfAbsent(child, space(keyOf(thread, stamp)).copy());
      }
    }
  }

  private void leave(int thread, Stamp stamp) {
    MappingCall call = current[thread];
    if (call != null && LinuxCalls.changesMappings(call.number)) {
      space(keyOf(thread, stamp)).leave(call, stamp.record, stamp.sequence, stamp.result);
    }
    current[thread] = null;
  }

  private void exec(int thread, Stamp stamp) {
    MappingCall call = current[thread];
    boolean isEntered =
        call != null && (call.number == LinuxCalls.EXECVE || call.number == LinuxCalls.EXECVEAT);
    MappingCall ender = isEntered
        ? call
        : new MappingCall(thread, stamp.record, stamp.sequence, LinuxCalls.EXECVE, new long[6]);
    if (ender != null) {
      space(keyOf(thread, stamp)).endAll(ender);
    }
    current[thread] = null;
  }

  private SpaceKey keyOf(int thread, Stamp stamp) {
    return new SpaceKey(totals.get(thread).pid(), stamp.image);
  }

  private AddressSpace space(SpaceKey key) {
    AddressSpace known = spaces.get(key);
    if (known != null) {
      return known;
    }
    AddressSpace space = new AddressSpace(gates);
    space.begin(
        images.getOrDefault(key, List.of()),
        name -> objects.computeIfAbsent(name, n -> -1L - objects.size()));
    spaces.put(key, space);
    return space;
  }

  private void addToOrder(int thread, long upTo) {
    long more = upTo - done[thread];
    if (more == 0) {
      return;
    }
    if (thread != runThread) {
      endRun();
      runThread = thread;
    }
    runRecords += more;
    done[thread] = upTo;
  }

  private void endRun() {
    if (runRecords > 0) {
      orderHash.putInt(runThread);
      orderHash.putLong(runRecords);
    }
    runRecords = 0;
  }
}
