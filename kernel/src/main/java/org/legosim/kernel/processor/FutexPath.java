package org.legosim.kernel.processor;

import org.legosim.kernel.futex.FutexBucket;
import org.legosim.kernel.futex.FutexCommand;
import org.legosim.kernel.futex.FutexWaiter;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A futex call. The word lives in the pcache: it is read under the bucket's lock with faults disabled;
 * when it is not there the lock is given up, the word is faulted in and everything begins again. A wake
 * takes no lock when nobody waits, and wakes after it has given the lock up.
 *
 * <p>The trace carries no values, so a wait always queues; whether it slept is told by its return. What
 * this kernel would have answered is kept beside the captured result.
 *
 * <p>Source: LegoOS {@code kernel/futex.c}.
 */
final class FutexPath extends KernelPath {
  /** Argument: address of the word. */
  static final int ADDRESS = 0;
  /** Argument: command and flags. */
  static final int OPERATION = 1;
  /** Argument: waiters to wake. */
  static final int COUNT = 2;

  private static final int SECOND_COUNT = 3;
  private static final int SECOND_ADDRESS = 4;
  private static final int BITS = 5;

  private static final int BEGIN = 0;
  private static final int KEYED = 1;
  private static final int LOCKED = 2;
  private static final int BOTH_LOCKED = 3;
  private static final int READ = 4;
  private static final int WOKEN = 5;
  private static final int FAULTED = 6;
  private static final int LEAVE = 7;
  private static final int LEAVE_LOCKED = 8;
  private static final int LEFT = 9;

  private static final int WORD_MASK = 3;
  private static final long SHARED_WAKE = 1;
  private static final long PRIVATE_WAIT = 128;
  private static final long PRIVATE_WAKE = 129;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final NodeKernel kernel;
  private final MemoryPaths memory;
  private final AddressTranslation translation;
  private final Cost key;
  private final Cost queue;
  private final Cost handOver;
  private final Cost wakeUp;

  // A CPU in the kernel is not preempted, so its one path may keep these between steps.
  private FutexCommand command = FutexCommand.UNKNOWN;
  private FutexBucket low;
  private FutexBucket high;
  private FutexBucket first;
  private FutexBucket second;
  private long firstOwner;
  private long firstAddress;
  private long secondOwner;
  private long secondAddress;
  private long outcome;
  private int[] wokenTasks = new int[4];
  private int wokenCount;

  FutexPath(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    super("futex");
    this.cpu = cpu;
    this.node = node;
    this.kernel = node.kernel();
    this.memory = memory;
    this.translation = node.translation();
    KernelCosts costs = node.costs();
    this.key = costs.futexKey;
    this.queue = costs.futexQueue;
    this.handOver = costs.futexHandOver;
    this.wakeUp = costs.wakeUp;
    first = kernel.futexes().bucket(0, 0);
    second = first;
    low = first;
    high = first;
  }

  /** Pushes the call that a task has entered. */
  void call(Task task) {
    Frame frame = cpu.stack().call(this);
    System.arraycopy(task.callArguments, 0, frame.slot, 0, task.callArguments.length);
    frame.slot[COUNT] = Math.max(0, (int) frame.slot[COUNT]);
    switch (FutexCommand.of(frame.slot[OPERATION])) {
      case WAIT, WAKE -> frame.slot[BITS] = FutexCommand.MATCH_ANY;
      case WAKE_OP -> frame.slot[SECOND_COUNT] = Math.max(0, (int) frame.slot[SECOND_COUNT]);
      case REQUEUE, CMP_REQUEUE ->
        frame.slot[SECOND_COUNT] = Math.max(0, (int) frame.slot[SECOND_COUNT]);
      default -> {
        // the bit sets of WAIT_BITSET and WAKE_BITSET are the sixth argument already
      }
    }
  }

  /** Pushes a wake of one waiter on behalf of a thread that ends. */
  void callWakeOne(long address) {
    push(address, SHARED_WAKE);
  }

  /** Pushes a private wait, or a private wake of one waiter, that no record of the trace is about. */
  void call(long address, FutexCommand kind) {
    push(address, kind.waits() ? PRIVATE_WAIT : PRIVATE_WAKE);
  }

  private void push(long address, long operation) {
    Frame frame = cpu.stack().call(this);
    frame.slot[ADDRESS] = address;
    frame.slot[OPERATION] = operation;
    frame.slot[COUNT] = 1;
    frame.slot[BITS] = FutexCommand.MATCH_ANY;
  }

  /** Pushes what a waiter that is killed does: it leaves its queue. */
  void callLeave() {
    cpu.stack().call(this).step = LEAVE;
  }

  /**
   * The call's return record is replayed: compares, and pushes what is left to do.
   *
   * @return true when a path was pushed
   */
  boolean callReturn(Task task) {
    long captured = task.batch.eventResult;
    boolean waits = FutexCommand.of(task.callArguments[1]).waits() && !task.kernel.isSimulated;
    if (node.replaysByMeaning()) {
      // who waits and who wakes is what this order leaves open
      task.kernel.simulate(captured);
    }
    if (!waits) {
      return false;
    }
    FutexWaiter waiter = task.kernel.waiter;
    if (node.replaysByMeaning()) {
      // compared with nothing
    } else if (captured == 0) {
      // Whoever was not woken here came after its wake, and found the word changed.
      task.kernel.simulate(waiter.isWoken() ? 0 : Errno.EAGAIN);
    } else if (waiter.isWoken()) {
      task.kernel.simulate(0);
    }
    if (captured == Errno.EAGAIN) {
      // it has never slept: nothing is undone
      kernel.forget(task);
    }
    if (!waiter.isQueued()) {
      return false;
    }
    cpu.stack().call(this).step = LEAVE;
    return true;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    while (true) {
      switch (frame.step) {
        case BEGIN:
          if (!begin(frame, task)) {
            return DONE;
          }
          frame.step = KEYED;
          if (!cpu.advance(key.charge())) {
            return WAIT;
          }
        // fall through
        case KEYED:
          cpu.stamp(TimeCategory.FUTEX);
          findBuckets(frame, task);
          if (command.waits()) {
            first.announce();
          } else if (!command.hasSecond() && !first.mayHaveWaiters()) {
            task.kernel.simulate(0);
            return DONE;
          }
          frame.step = LOCKED;
          if (!low.lock().acquire(cpu)) {
            return WAIT;
          }
        // fall through
        case LOCKED:
          frame.step = BOTH_LOCKED;
          if (high != low && !high.lock().acquire(cpu)) {
            return WAIT;
          }
        // fall through
        case BOTH_LOCKED:
          cpu.stamp(TimeCategory.LOCK_WAIT);
          if (command.readsWord() && !readWord(frame, task)) {
            frame.step = FAULTED;
            return CALL;
          }
          frame.step = READ;
          if (!cpu.advance(queue.charge())) {
            return WAIT;
          }
        // fall through
        case READ:
          cpu.stamp(TimeCategory.FUTEX);
          int woken = perform(frame, task);
          unlock();
          frame.step = WOKEN;
          cpu.irqsOff(IrqsOff.RUN_QUEUE_LOCK, 0, wakeUp.ps(), woken);
          if (!cpu.advance(wakeUp.charge(woken))) {
            return WAIT;
          }
        // fall through
        case WOKEN:
          cpu.stamp(TimeCategory.FUTEX);
          wakeByMeaning();
          return DONE;
        case FAULTED:
          if (!isFaultedIn(task)) {
            return DONE;
          }
          frame.step = KEYED;
          continue;
        case LEAVE:
          frame.step = LEAVE_LOCKED;
          FutexBucket bucket = task.kernel.waiter.bucket();
          first = bucket == null ? first : bucket;
          if (!first.lock().acquire(cpu)) {
            return WAIT;
          }
        // fall through
        case LEAVE_LOCKED:
          cpu.stamp(TimeCategory.LOCK_WAIT);
          frame.step = LEFT;
          if (!cpu.advance(queue.charge())) {
            return WAIT;
          }
        // fall through
        default: // LEFT
          first.lock().release(cpu, handOver.ps());
          kernel.forget(task);
          cpu.stamp(TimeCategory.FUTEX);
          return DONE;
      }
    }
  }

  private boolean begin(Frame frame, Task task) {
    command = FutexCommand.of(frame.slot[OPERATION]);
    if (command.waits()) {
      task.kernel.waiter.reset();
    }
    long misaligned = frame.slot[ADDRESS] & WORD_MASK;
    if (command.hasSecond()) {
      misaligned |= frame.slot[SECOND_ADDRESS] & WORD_MASK;
    }
    if (command == FutexCommand.UNKNOWN) {
      task.kernel.simulate(Errno.ENOSYS);
      return false;
    }
    if (misaligned != 0 || (frame.slot[BITS] == 0 && !command.hasSecond())) {
      task.kernel.simulate(Errno.EINVAL);
      return false;
    }
    if (Long.compareUnsigned(frame.slot[ADDRESS], AddressCalls.USER_SPACE_BYTES) >= 0) {
      task.kernel.simulate(Errno.EFAULT);
      return false;
    }
    return true;
  }

  private void findBuckets(Frame frame, Task task) {
    UserProcess process = task.process;
    long operation = frame.slot[OPERATION];
    firstOwner = NodeKernel.futexOwner(process, frame.slot[ADDRESS], operation);
    firstAddress = keyAddress(task, frame.slot[ADDRESS], firstOwner);
    first = kernel.futexes().bucket(firstOwner, firstAddress);
    second = first;
    if (command.hasSecond()) {
      secondOwner = NodeKernel.futexOwner(process, frame.slot[SECOND_ADDRESS], operation);
      secondAddress = keyAddress(task, frame.slot[SECOND_ADDRESS], secondOwner);
      second = kernel.futexes().bucket(secondOwner, secondAddress);
    }
    low = first.index() <= second.index() ? first : second;
    high = low == first ? second : first;
  }

  private long keyAddress(Task task, long captured, long owner) {
    return NodeKernel.futexAddress(
        task.process, captured, translation.ofKernel(task, captured), owner);
  }

  /** Reads the word with faults disabled; when it is not there the locks go and a fault is pushed. */
  private boolean readWord(Frame frame, Task task) {
    boolean stores = command == FutexCommand.WAKE_OP;
    long address = translation.ofKernel(task, frame.slot[stores ? SECOND_ADDRESS : ADDRESS]);
    if (task.process.memory().walk(address, stores) != ProcessMemory.NOT_PRESENT) {
      task.kernelLookups++;
      return true;
    }
    unlock();
    if (command.waits()) {
      first.retract();
    }
    memory.callFault(
        task.process,
        address,
        stores ? MemoryPaths.FaultAccess.STORE : MemoryPaths.FaultAccess.LOAD,
        false);
    return false;
  }

  private boolean isFaultedIn(Task task) {
    if (memory.faultOutcome() == MemoryPaths.OUT_OF_MEMORY) {
      throw new InvariantViolation(cpu.simulation()
          .dump(task.describe()
              + ": no pcache line could be allocated for a futex word within the kernel's limit: "
              + memory.describeOutOfMemory()));
    }
    if (memory.faultOutcome() != MemoryPaths.HANDLED) {
      task.kernel.simulate(Errno.EFAULT);
      return false;
    }
    return true;
  }

  private int perform(Frame frame, Task task) {
    int bits = (int) frame.slot[BITS];
    int count = (int) frame.slot[COUNT];
    if (command.waits()) {
      boolean isByMeaning = task.call == Task.NO_CALL;
      if (isByMeaning && !task.meaning.lock().isWorthWaiting()) {
        // given up since the task asked for it: the word has another value
        first.retract();
        task.kernel.simulate(Errno.EAGAIN);
        return 0;
      }
      first.queue(task.kernel.waiter, firstOwner, firstAddress, bits);
      return 0;
    }
    int woken = first.wake(
        firstOwner, firstAddress, command.hasSecond() ? FutexCommand.MATCH_ANY : bits, count);
    outcome = woken;
    wokenTasks = first.lastWoken(wokenTasks);
    wokenCount = woken;
    int more = (int) frame.slot[SECOND_COUNT];
    if (command == FutexCommand.WAKE_OP) {
      node.approximate("futex: the comparison of WAKE_OP is taken as true, a trace has no values");
      int others = second.wake(secondOwner, secondAddress, FutexCommand.MATCH_ANY, more);
      woken += others;
      outcome = woken;
    } else if (command.hasSecond()) {
      outcome += first.requeue(firstOwner, firstAddress, second, secondOwner, secondAddress, more);
    }
    task.kernel.simulate(outcome);
    return woken;
  }

  /** Whoever waits for a lock by meaning has no gate that would let it go on. */
  private void wakeByMeaning() {
    for (int i = 0; i < wokenCount; i++) {
      Task task = node.task(wokenTasks[i]);
      if (task.meaning.isAsleep()) {
        node.wakeUp(task, cpu);
      }
    }
    wokenCount = 0;
  }

  private void unlock() {
    if (high != low) {
      high.lock().release(cpu, handOver.ps());
    }
    low.lock().release(cpu, handOver.ps());
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    if (frame.step == BEGIN) {
      details
          .name("futex " + FutexCommand.of(frame.slot[OPERATION]))
          .address("word", frame.slot[ADDRESS]);
    } else {
      details.name("leave futex queue");
    }
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case BEGIN -> "key";
      case KEYED, LOCKED -> "bucket lock";
      case BOTH_LOCKED, READ -> "queue";
      case FAULTED -> "fault the word in";
      case WOKEN -> "wake up";
      default -> "leave the queue";
    };
  }
}
