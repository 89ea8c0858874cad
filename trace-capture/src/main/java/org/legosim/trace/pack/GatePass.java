package org.legosim.trace.pack;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.trace.format.Ltrace;

/**
 * Last pass: goes through the stamps in the global order once more and gives every gate to the two replay orders: those
 * found before, and those between atomics, futex calls, pipes, and the life of threads and processes.
 *
 * <p>Every gate's source stands before its waiting record in one order of all records that the trace allows; so following
 * that order opens every gate, and none can deadlock.
 */
final class GatePass {
  private static final int WORD_SHIFT = 3;

  private final List<ThreadTotals> totals;
  private final CloneTable clones;
  private final SharedWords places;
  private final GateTaker perAddress;
  private final GateTaker strict;
  private final LockWitness told;
  private final Waiting[] pending;
  private final Call[] calls;
  private final WordTable words = new WordTable();
  private final FutexTable futexes = new FutexTable();
  private final PipeTable pipes = new PipeTable();
  private final long[] clearAddress;
  private final Map<Integer, PipeTable.Source> lastExit = new HashMap<>();
  private final Map<Integer, PipeTable.Source> firstExec = new HashMap<>();
  private final Map<SpaceKey, PipeTable.Source> execOf = new HashMap<>();
  private final int[] imageOf;
  private final long[] nextRecord;
  private final Map<Integer, Integer> livingThreads = new HashMap<>();
  private final SignalTable signals = new SignalTable();
  private final Map<Integer, Integer> parents;
  private int lastThread = Instance.NO_THREAD;
  private long lastRecord;

  /** One thread's gates that were found before, and how many of them have been given. */
  private static final class Waiting {
    final List<Gate> gates;
    int given;

    Waiting(List<Gate> gates) {
      this.gates = gates;
    }
  }

  /** The system call that a thread is in. */
  private static final class Call {
    long number = -1;
    final long[] arguments = new long[6];
    FutexTable.@Nullable Wake wake;
    long granted;
  }

  GatePass(
      List<ThreadTotals> totals,
      CloneTable clones,
      SharedWords places,
      Map<Integer, Integer> parents,
      PendingGates gates,
      GateTaker perAddress,
      GateTaker strict,
      LockWords locks) {
    this.totals = totals;
    this.clones = clones;
    this.places = places;
    this.parents = parents;
    this.perAddress = perAddress;
    this.strict = strict;
    this.told = new LockWitness(locks, places, totals);
    int threads = totals.size();
    pending = new Waiting[threads];
    calls = new Call[threads];
    Arrays.setAll(calls, t -> new Call());
    clearAddress = new long[threads];
    imageOf = new int[threads];
    nextRecord = new long[threads];
    totals.forEach(thread -> livingThreads.merge(thread.pid(), 1, Integer::sum));
    for (int t = 0; t < threads; t++) {
      CloneCall creator = clones.creatorOf(t);
      if (creator != null) {
        gates.add(t, 0, creator.thread(), creator.enterRecord());
        clearAddress[t] = creator.clearAddress();
      }
    }
    Arrays.setAll(pending, t -> new Waiting(gates.sorted(t)));
  }

  void run(StampMerger merger) {
    while (merger.next()) {
      Stamp stamp = merger.stamp();
      int thread = merger.thread();
      giveImage(thread, stamp);
      for (int i = 0; i < stamp.stores; i++) {
        givePending(thread, stamp.storeRecord[i]);
        told.store(thread, stamp, i);
      }
      givePending(thread, stamp.kind == Ltrace.ORDER ? stamp.record - 1 : stamp.record);
      if (stamp.kind == Ltrace.ORDER) {
        complete(thread, stamp.record - 1);
        continue;
      }
      giveStrict(thread, stamp.record);
      switch (stamp.kind) {
        case Ltrace.ATOMIC -> takeAtomic(thread, stamp);
        case Ltrace.SYSCALL_ENTER -> takeEnter(thread, stamp);
        case Ltrace.SYSCALL_RETURN -> takeReturn(thread, stamp);
        case Ltrace.SIGNAL -> takeSignal(thread, stamp);
        case Ltrace.EXEC -> takeExec(thread, stamp);
        case Ltrace.EXIT -> takeExit(thread, stamp);
        default -> {}
      }
      complete(thread, stamp.record);
      keepSnapshots(thread, stamp);
      told.entry(thread, stamp);
    }
    for (int t = 0; t < pending.length; t++) {
      givePending(t, Long.MAX_VALUE);
      complete(t, totals.get(t).records() - 1);
    }
    perAddress.finish();
    strict.finish();
  }

  /** What a thread has learned up to here, it did not know before: whoever waits for an earlier record learns less. */
  private void complete(int thread, long record) {
    perAddress.complete(thread, record);
    strict.complete(thread, record);
  }

  /** A thread that did not call exec itself begins in the new image when exec is done. */
  private void giveImage(int thread, Stamp stamp) {
    if (stamp.image != imageOf[thread]) {
      imageOf[thread] = stamp.image;
      PipeTable.Source exec = execOf.get(keyOf(thread, stamp));
      if (exec != null) {
        perAddress.add(thread, nextRecord[thread], exec.thread(), exec.record(), null);
        strict.add(thread, nextRecord[thread], exec.thread(), exec.record(), null);
      }
    }
    nextRecord[thread] = stamp.kind == Ltrace.ORDER ? stamp.record : stamp.record + 1;
  }

  private void givePending(int thread, long upTo) {
    Waiting waiting = pending[thread];
    while (waiting.given < waiting.gates.size()) {
      Gate gate = waiting.gates.get(waiting.given);
      if (gate.waitRecord() > upTo) {
        return;
      }
      waiting.given++;
      perAddress.add(thread, gate.waitRecord(), gate.onThread(), gate.onRecord(), null);
      strict.add(thread, gate.waitRecord(), gate.onThread(), gate.onRecord(), null);
    }
  }

  private void giveStrict(int thread, long record) {
    if (lastThread != Instance.NO_THREAD) {
      strict.add(thread, record, lastThread, lastRecord, null);
    }
    lastThread = thread;
    lastRecord = record;
  }

  private void give(int thread, long record, PipeTable.@Nullable Source source) {
    if (source != null) {
      perAddress.add(thread, record, source.thread(), source.record(), null);
    }
  }

  private void takeAtomic(int thread, Stamp stamp) {
    if (!told.orders(thread, stamp)) {
      return;
    }
    long lastByte = stamp.address + stamp.bytes - 1;
    takeWord(thread, stamp, stamp.address);
    if (lastByte >>> WORD_SHIFT != stamp.address >>> WORD_SHIFT) {
      takeWord(thread, stamp, lastByte);
    }
  }

  private void takeWord(int thread, Stamp stamp, long address) {
    places.locate(keyOf(thread, stamp), address, stamp.sequence);
    int slot = words.slot(places.owner(), places.offset() >>> WORD_SHIFT);
    int before = words.thread(slot);
    if (before != Instance.NO_THREAD && before != thread) {
      perAddress.add(thread, stamp.record, before, words.record(slot), words.snapshot(slot));
    }
  }

  /** After the record is complete: what its thread knows now goes on to whoever comes to the word next. */
  private void keepSnapshots(int thread, Stamp stamp) {
    if (stamp.kind != Ltrace.ATOMIC) {
      FutexTable.Wake wake = calls[thread].wake;
      if (wake != null && wake.record == stamp.record) {
        wake.snapshot = perAddress.snapshot(thread, null);
      }
      return;
    }
    if (!told.orders(thread, stamp)) {
      return;
    }
    keepWord(thread, stamp, stamp.address);
    long lastByte = stamp.address + stamp.bytes - 1;
    if (lastByte >>> WORD_SHIFT != stamp.address >>> WORD_SHIFT) {
      keepWord(thread, stamp, lastByte);
    }
  }

  private void keepWord(int thread, Stamp stamp, long address) {
    places.locate(keyOf(thread, stamp), address, stamp.sequence);
    int slot = words.slot(places.owner(), places.offset() >>> WORD_SHIFT);
    words.set(slot, thread, stamp.record, perAddress.snapshot(thread, words.snapshot(slot)));
  }

  private void takeEnter(int thread, Stamp stamp) {
    Call call = calls[thread];
    call.number = stamp.number;
    call.wake = null;
    System.arraycopy(stamp.arguments, 0, call.arguments, 0, stamp.arguments.length);
    PipeTable.Source here = new PipeTable.Source(thread, stamp.record);
    int pid = totals.get(thread).pid();
    CloneCall made = clones.enteredBy(thread, stamp.record);
    if (made != null && !clones.makesThread(made)) {
      pipes.fork(pid, made.child());
    }
    signals.enter(stamp.number, stamp.arguments, pid, sent(thread, stamp));
    switch ((int) stamp.number) {
      case LinuxCalls.FUTEX -> enterFutex(thread, stamp, call);
      case LinuxCalls.SET_TID_ADDRESS -> clearAddress[thread] = stamp.arguments[0];
      case LinuxCalls.EXIT -> announceEnd(thread, stamp, call);
      case LinuxCalls.EXIT_GROUP -> {
        lastExit.put(pid, here);
        signals.groupEnds(pid, sent(thread, stamp));
      }
      case LinuxCalls.WRITE ->
        pipes.startWrite(pid, (int) stamp.arguments[0], here, stamp.arguments[2]);
      case LinuxCalls.WRITEV -> pipes.startWrite(pid, (int) stamp.arguments[0], here, 0);
      default -> {}
    }
  }

  private void enterFutex(int thread, Stamp stamp, Call call) {
    SpaceKey key = keyOf(thread, stamp);
    int command = (int) stamp.arguments[1] & FutexTable.COMMAND_MASK;
    SharedWords.Place place = places.at(key, stamp.arguments[0], stamp.sequence);
    if (FutexTable.waits(command)) {
      futexes.startWait(thread, place, stamp.sequence);
      return;
    }
    if (!FutexTable.wakes(command)) {
      return;
    }
    call.granted = command == FutexTable.UNLOCK_PI ? 1 : Math.max(0, (int) stamp.arguments[2]);
    call.wake = new FutexTable.Wake(thread, stamp.record, stamp.sequence, call.granted, null);
    futexes.addWake(place, call.wake);
    SharedWords.Place second = places.at(key, stamp.arguments[4], stamp.sequence);
    if (FutexTable.requeues(command)) {
      futexes.requeue(place, second);
    } else if (command == FutexTable.WAKE_OP) {
      futexes.addWake(second, call.wake);
    }
  }

  /** A thread's end clears a word and wakes who waits for it: that is how it is joined. */
  private void announceEnd(int thread, Stamp stamp, Call call) {
    if (clearAddress[thread] != 0) {
      call.wake = new FutexTable.Wake(thread, stamp.record, stamp.sequence, 1, null);
      futexes.addWake(
          places.at(keyOf(thread, stamp), clearAddress[thread], stamp.sequence), call.wake);
      clearAddress[thread] = 0;
    }
  }

  private void takeReturn(int thread, Stamp stamp) {
    Call call = calls[thread];
    int pid = totals.get(thread).pid();
    PipeTable.Source here = new PipeTable.Source(thread, stamp.record);
    int descriptor = (int) call.arguments[0];
    boolean hasFailed = LinuxCalls.failed(stamp.result);
    if (LinuxCalls.isInterrupted(stamp.result)) {
      signals.interrupted(thread, stamp);
    }
    switch ((int) call.number) {
      case LinuxCalls.FUTEX -> leaveFutex(thread, stamp, call);
      case LinuxCalls.READ, LinuxCalls.READV ->
        give(thread, stamp.record, pipes.endRead(pid, descriptor, stamp.result));
      case LinuxCalls.WRITE, LinuxCalls.WRITEV -> pipes.endWrite(thread, stamp.result);
      case LinuxCalls.PIPE, LinuxCalls.PIPE2 -> openPipe(pid, stamp, call);
      case LinuxCalls.CLOSE -> pipes.close(pid, descriptor, here);
      case LinuxCalls.DUP, LinuxCalls.DUP2, LinuxCalls.DUP3 -> {
        if (!hasFailed) {
          pipes.duplicate(pid, descriptor, (int) stamp.result, here);
        }
      }
      case LinuxCalls.FCNTL -> {
        long command = call.arguments[1];
        boolean duplicates =
            command == LinuxCalls.FCNTL_DUPFD || command == LinuxCalls.FCNTL_DUPFD_CLOEXEC;
        if (duplicates && !hasFailed) {
          pipes.duplicate(pid, descriptor, (int) stamp.result, here);
        }
      }
      case LinuxCalls.WAIT4 -> {
        if (stamp.result > 0) {
          give(thread, stamp.record, lastExit.get((int) stamp.result));
        }
      }
      case LinuxCalls.WAITID -> {
        if (call.arguments[0] == LinuxCalls.WAITID_PID && !hasFailed) {
          give(thread, stamp.record, lastExit.get((int) call.arguments[1]));
        }
      }
      case LinuxCalls.RT_SIGTIMEDWAIT -> {
        if (stamp.result > 0) {
          waitForSender(thread, stamp, (int) stamp.result, stamp.record);
        }
      }
      default -> leaveVfork(thread, stamp, call);
    }
    call.number = -1;
    call.wake = null;
  }

  private void leaveFutex(int thread, Stamp stamp, Call call) {
    if (call.wake != null) {
      futexes.endWake(call.wake, call.granted, stamp.result);
      return;
    }
    FutexTable.Wake wake = futexes.endWait(thread, stamp.result == 0);
    if (wake != null && told.ordersWaits(thread, stamp, call.arguments[0])) {
      perAddress.add(thread, stamp.record, wake.thread, wake.record, wake.snapshot);
    }
  }

  private void openPipe(int pid, Stamp stamp, Call call) {
    if (stamp.result == 0 && stamp.strings.length == 2) {
      long flags = call.number == LinuxCalls.PIPE2 ? call.arguments[1] : 0;
      int reader = descriptorOf(stamp.strings[0]);
      int writer = descriptorOf(stamp.strings[1]);
      if (reader >= 0 && writer >= 0) {
        pipes.open(pid, reader, writer, flags);
      }
    }
  }

  /** The parent of a vfork goes on when the child has called exec or ended. */
  private void leaveVfork(int thread, Stamp stamp, Call call) {
    boolean isVfork = LinuxCalls.clones(call.number)
        && (LinuxCalls.cloneFlags(call.number, call.arguments[0]) & LinuxCalls.CLONE_VFORK) != 0;
    if (isVfork && stamp.result > 0) {
      int child = (int) stamp.result;
      give(thread, stamp.record, firstExec.getOrDefault(child, lastExit.get(child)));
    }
  }

  private static SignalTable.Sent sent(int thread, Stamp stamp) {
    return new SignalTable.Sent(thread, stamp.record, stamp.sequence);
  }

  /** A handler begins: its signal has been sent, and so it was when the call before returned because of it. */
  private void takeSignal(int thread, Stamp stamp) {
    SignalTable.Sent sender =
        signals.sender(totals.get(thread).pid(), totals.get(thread).tid(), (int) stamp.number);
    if (sender != null) {
      long record = signals.waitingRecord(thread, stamp.record, sender);
      long earliest = Math.max(record, perAddress.newestWait(thread));
      perAddress.add(thread, earliest, sender.thread(), sender.record(), null);
    }
  }

  private void waitForSender(int thread, Stamp stamp, int number, long record) {
    SignalTable.Sent sender =
        signals.sender(totals.get(thread).pid(), totals.get(thread).tid(), number);
    if (sender != null && sender.sequence() < stamp.sequence) {
      perAddress.add(thread, record, sender.thread(), sender.record(), null);
    }
  }

  private void takeExec(int thread, Stamp stamp) {
    int pid = totals.get(thread).pid();
    PipeTable.Source here = new PipeTable.Source(thread, stamp.record);
    firstExec.putIfAbsent(pid, here);
    execOf.put(new SpaceKey(pid, stamp.image + 1), here);
    pipes.exec(pid, here);
    calls[thread].number = -1;
    calls[thread].wake = null;
  }

  private void takeExit(int thread, Stamp stamp) {
    int pid = totals.get(thread).pid();
    PipeTable.Source here = new PipeTable.Source(thread, stamp.record);
    lastExit.put(pid, here);
    FutexTable.Wake wake = calls[thread].wake;
    if (wake != null && wake.left > 0) {
      wake.record = stamp.record;
    }
    takeProcessEnd(thread, stamp, pid);
    boolean isProcessEnd =
        calls[thread].number == LinuxCalls.EXIT_GROUP || totals.get(thread).tid() == pid;
    if (isProcessEnd) {
      pipes.exit(pid, here);
    }
  }

  /** A thread that ends without an exit call was killed; the last one's end is told to the parent. */
  private void takeProcessEnd(int thread, Stamp stamp, int pid) {
    long call = calls[thread].number;
    SignalTable.Sent killer = signals.killer(pid);
    if (call != LinuxCalls.EXIT && call != LinuxCalls.EXIT_GROUP && killer != null) {
      perAddress.add(thread, stamp.record, killer.thread(), killer.record(), null);
    }
    Integer parent = parents.get(pid);
    if (livingThreads.merge(pid, -1, Integer::sum) == 0 && parent != null) {
      signals.childEnds(parent, sent(thread, stamp));
    }
  }

  private SpaceKey keyOf(int thread, Stamp stamp) {
    return new SpaceKey(totals.get(thread).pid(), stamp.image);
  }

  /** A descriptor in decimal, or -1. */
  private static int descriptorOf(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(text) : -1;
  }
}
