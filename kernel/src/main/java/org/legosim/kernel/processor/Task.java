package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.kernel.sched.SchedEntity;
import org.legosim.kernel.signal.Delivery;
import org.legosim.timing.engine.ThreadClock;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.GateCursor;

/**
 * A thread of the trace as the kernel's task: its records, its gates and where its time went. It is
 * touched only by the CPU that runs it, and by others at gates.
 */
final class Task {
  /** Where a task is. */
  enum State {
    NEW,
    RUNNABLE,
    RUNNING,
    HELD,
    ENDED
  }

  /** How a task comes to a CPU's queue. */
  enum Arrival {
    /** New, or it waited on another CPU. */
    MOVES,
    /** It slept and last ran there. */
    WAKES,
    /** It slept and last ran on another CPU. */
    WAKES_ELSEWHERE
  }

  static final long NOTHING_DEFERRED = -1;
  static final long NOT_WAKING = -1;
  static final int UNKNOWN = -1;

  /** No system call is in progress. */
  static final int NO_CALL = -1;

  final int index;
  final int tid;

  /** Index of the task that is thread 0 of the same trace. */
  final int firstTask;

  final UserProcess process;
  final AccessSource source;
  final GateCursor gates;
  final TaskMeaning meaning;
  final AccessBatch batch = new AccessBatch();
  final ThreadClock clock = new ThreadClock();
  final TaskKernel kernel;
  final SchedEntity sched;
  final Delivery delivery;

  State state = State.NEW;

  /** CPU that it is assigned to, or -1 before it is placed. */
  int cpu = -1;

  /** The call that makes it has been entered. */
  boolean isMade;

  /** When it is handed to its CPU; {@link #NOT_WAKING} when nobody has woken it. */
  long wakePs = NOT_WAKING;

  /** It sleeps for a time. */
  boolean isSleeping;

  /** Outcome of the source's last call; END before the first and after the last. */
  int batchKind = AccessSource.END;

  /** Next access of the batch. */
  int position;

  /** Access of the batch that has the next long computation before it; below the position: not known. */
  int longAt = UNKNOWN;

  /** Accesses of the batch, from its first, whose addresses are the simulated ones already. */
  int translated;

  /** The instructions before the batch's event have been executed. */
  boolean isEventTimed;

  /** The batch's event has been handled. */
  boolean isEventDone;

  /** The record that others may not see yet, or {@link #NOTHING_DEFERRED}. */
  long deferredRecord = NOTHING_DEFERRED;

  boolean isExhausted;
  boolean isFaulting;

  /** Records performed as far as others may see: up to the last source. */
  long performed;

  /** Tasks that are held for a record of this one. */
  final List<Task> watchers = new ArrayList<>();

  /** Another CPU made it runnable. */
  boolean isWokenFromAfar;

  /** How its virtual time is to be taken by the queue that it comes to next. */
  Arrival arrival = Arrival.MOVES;

  /** The record of {@link #awaited} that this task is held for. */
  long awaitedRecord;

  Task awaited = this;

  /** Where the time at the gate goes. */
  TimeCategory heldCategory = TimeCategory.REPLAY_ORDER;

  /** System call in progress, or {@link #NO_CALL}. */
  int call = NO_CALL;

  final long[] callArguments = new long[6];
  /** Record that entered it. */
  long callRecord;

  long callStartPs;
  boolean isRemoteCall;
  /** The call in progress copies to or from user memory. */
  boolean isCopying;

  long accesses;
  long fetches;
  long instructions;
  long lookups;
  long kernelLookups;

  Task(
      int index,
      int tid,
      UserProcess process,
      int firstTask,
      AccessSource source,
      GateCursor gates,
      TaskMeaning meaning,
      CpuMask affinity) {
    this.firstTask = firstTask;
    this.index = index;
    this.kernel = new TaskKernel(index);
    this.sched = new SchedEntity(index, affinity);
    this.delivery = new Delivery(kernel.signals, process.life().signals());
    this.tid = tid;
    this.process = process;
    this.source = source;
    this.gates = gates;
    this.meaning = meaning;
  }

  /** Number of the next record to perform. */
  long nextRecord() {
    return batch.firstRecord + position;
  }

  /** The record of this task that completes with the batch's event. */
  void consumeEvent() {
    isEventDone = true;
  }

  String describe() {
    String held = meaning.isAsleep() ? ", waiting for a lock" : "";
    held += state == State.HELD && !meaning.isAsleep()
        ? ", held for record " + awaitedRecord + " of thread " + awaited.tid
        : "";
    return "thread " + tid + " of process " + process.tgid() + " at record " + nextRecord() + held;
  }
}
