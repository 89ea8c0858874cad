package org.legosim.kernel.processor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.sched.SchedEntity;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.Timeline;

/**
 * A logical CPU: its run queue, the task it runs in user mode or in the kernel, and the interrupts it
 * serves. User mode runs ahead of the present by what is private to the CPU; everything else happens
 * at the present.
 */
final class Cpu extends KernelContext {
  private static final int TAG_INTERRUPT = 1;
  private static final int TAG_DELIVER = 2;
  /** From this tag on, what arrives was announced. */
  private static final int TAG_ENQUEUE = 3;

  private static final int TAG_WORK = 4;
  private static final int TAG_MOVE = 5;
  private static final int TAG_CHANGE = 6;
  private static final int TAG_KICK = 7;
  private static final int NO_SPACE = -1;

  private final ProcessorNode node;
  private final int index;
  private final UserMode user;
  private final CpuScheduler scheduler;
  private final CpuTicks ticks;
  private @Nullable Task current;
  private @Nullable Task previous;
  private int loadedSpace = NO_SPACE;
  private int enteredSpace = NO_SPACE;
  private long contextSwitches;
  /** Picked, and about to get the CPU. */
  private @Nullable Task next;

  private final CpuThreads threads;
  private int announced;
  private final CpuInterrupts interrupts;
  private final ShownTask shown = new ShownTask(track());

  @SuppressWarnings("NullAway.Init") // set by wire, once every CPU of the node exists
  private KernelPath sendReply;

  @SuppressWarnings("NullAway.Init")
  private ShootdownPath shootdown;

  @SuppressWarnings("NullAway.Init")
  private SwitchPath switchPath;

  @SuppressWarnings("NullAway.Init")
  private TaskExecution execution;

  Cpu(Simulation simulation, ProcessorNode node, int index, UserMode user) {
    super(simulation, node.name() + ".cpu" + index, Timeline.Kind.CPU);
    this.node = node;
    this.index = index;
    this.user = user;
    interrupts = new CpuInterrupts(simulation, this, node);
    ticks = new CpuTicks(this, node.params().hz(), node.costs().tick);
    scheduler = new CpuScheduler(this, node);
    threads = new CpuThreads(this, node.costs(), node.smp().booted());
  }

  /** Connects the paths, which need the CPU to exist. */
  void wire(KernelPath sendReplyPath, ShootdownPath shootdownPath) {
    sendReply = sendReplyPath;
    shootdown = shootdownPath;
    switchPath = new SwitchPath(this, node.costs());
  }

  void start(TaskExecution taskExecution) {
    execution = taskExecution;
  }

  @Override
  public int cpuIndex() {
    return index;
  }

  @Override
  public KernelPath sendReply() {
    return sendReply;
  }

  @Override
  public KernelPath shootdown() {
    return shootdown;
  }

  UserMode user() {
    return user;
  }

  CpuScheduler scheduler() {
    return scheduler;
  }

  CpuThreads threads() {
    return threads;
  }

  @Override
  public void stamp(TimeCategory category) {
    if (current != null) {
      ticks.stamp(current);
      current.clock.stamp(category, nowPs());
    }
  }

  @Override
  public void stampRequest() {
    if (current != null) {
      ticks.stamp(current);
      RequestStamps.stamp(current.clock, request(), nowPs());
    }
  }

  /** Gives the running task's user time since the last stamp to its categories. */
  void settle(Task task) {
    ticks.stamp(task);
    user.settle(task.clock, nowPs());
  }

  CpuTicks ticks() {
    return ticks;
  }

  /** What the CPU executes is interrupted at {@code timePs}. */
  void interruptNext(long timePs) {
    nextInterruptionPs = timePs;
  }

  @Override
  public void copyClock(long[] target) {
    running().clock.copyTo(target);
  }

  @Override
  public long touchRecords(long address, long frame) {
    return user.touchRecords(address, frame, nowPs());
  }

  @Override
  public int taskId() {
    return current == null ? 0 : current.tid;
  }

  /** The running task, when none runs null. */
  @Nullable
  Task current() {
    return current;
  }

  /** The running task, for a path that only a task can have called. */
  Task running() {
    if (current == null) {
      throw new ModelException(name() + " runs a task's path without a task: " + stack.describe());
    }
    return current;
  }

  /** Hands the CPU a runnable task at {@code timePs}. */
  void enqueueAt(int sender, long timePs, Task task) {
    announced++;
    task.wakePs = timePs;
    simulation.schedule(
        sender, id(), Simulation.PRIORITY_NORMAL, timePs, payload(TAG_ENQUEUE, task.index));
  }

  /** Orders from other CPUs about a task of this one, in the order of their tags; a kick is an interrupt. */
  enum Order {
    MOVE,
    CHANGE,
    KICK
  }

  /** Gives the CPU an order about a task at {@code timePs}. */
  void orderAt(int sender, long timePs, Order order, Task task) {
    announced++;
    int priority = order == Order.KICK ? Simulation.PRIORITY_HARDWARE : Simulation.PRIORITY_NORMAL;
    simulation.schedule(
        sender, id(), priority, timePs, payload(TAG_MOVE + order.ordinal(), task.index));
  }

  /** Gives the CPU's stopper, or its worker, something to do at {@code timePs}. */
  void workAt(int sender, long timePs, KernelWork work, boolean isForStopper) {
    announced++;
    int number = threads.announce(work, isForStopper);
    simulation.schedule(
        sender, id(), Simulation.PRIORITY_NORMAL, timePs, payload(TAG_WORK, number));
  }

  /** Interrupts the CPU, which then sees to what others have queued. */
  void interruptAt(int sender, long timePs) {
    interrupts.announce();
    simulation.schedule(sender, id(), Simulation.PRIORITY_HARDWARE, timePs, TAG_INTERRUPT);
  }

  /** An interrupt that waits is taken then. */
  void interruptAgainAt(long timePs) {
    simulation.schedule(id(), id(), Simulation.PRIORITY_HARDWARE, timePs, TAG_DELIVER);
  }

  @Override
  public void irqsOff(IrqsOff reason, long leadPs, long partPs, long parts) {
    interrupts.off(reason, leadPs, partPs, parts);
  }

  @Override
  public void onEvent(long payload) {
    int tag = tagOf(payload);
    announced -= tag >= TAG_ENQUEUE ? 1 : 0;
    switch (tag) {
      case TAG_INTERRUPT -> interrupts.arrive();
      case TAG_DELIVER -> interrupts.deliver();
      case TAG_ENQUEUE -> arrived(node.task((int) valueOf(payload)));
      case TAG_KICK -> node.signals().ends.kicked(node.task((int) valueOf(payload)), this);
      case TAG_WORK -> threads.arrived((int) valueOf(payload));
      case TAG_MOVE ->
        node.scheduling().affinity().ordered(this, node.task((int) valueOf(payload)));
      case TAG_CHANGE -> change(node.task((int) valueOf(payload)));
      default -> {
        if (isCurrent(payload) && !interrupts.putsOff()) {
          proceed();
        }
      }
    }
  }

  /** True while an interrupt or a task is on its way here: nothing may then be run ahead of it. */
  boolean isAnnounced() {
    return announced > 0 || interrupts.isAnnounced();
  }

  CpuInterrupts interrupts() {
    return interrupts;
  }

  /** True when the present wait is for time to pass, not for another actor. */
  boolean isForTime() {
    return waitsForTime();
  }

  /** True while the CPU does something that lasts a known time, which a handler makes longer. */
  boolean isTimed() {
    return !isIdle() && waitsForTime();
  }

  void flush(long address, long pages) {
    if (pages == ShootdownPath.ALL_PAGES) {
      user.invalidateAll();
    } else {
      user.invalidate(address, pages);
    }
  }

  /** Address space whose translations this CPU may hold, or -1. */
  int loadedSpace() {
    return loadedSpace;
  }

  private void change(Task task) {
    if (task.cpu != index && task.state != Task.State.ENDED) {
      Cpu other = node.cpus().get(task.cpu);
      other.orderAt(id(), node.scheduling().arrivalPs(this, other), Order.CHANGE, task);
    } else if (task.state != Task.State.ENDED) {
      goOn(false, scheduler.change(task), true);
    }
  }

  /** True when the CPU is in the space's {@code mm_cpumask}: from before it is switched to until after it was left. */
  boolean isInMask(int space) {
    return loadedSpace == space || enteredSpace == space;
  }

  private void arrived(Task task) {
    // one that was killed in its sleep has been woken before
    if (task.wakePs == nowPs()) {
      task.wakePs = Task.NOT_WAKING;
      task.isSleeping = false;
      enqueue(task);
    }
  }

  private void enqueue(Task task) {
    int allowed = node.scheduling().placement().wake(task.sched, index);
    if (allowed != index) {
      node.scheduling().affinity().sendOn(this, task, allowed);
      return;
    }
    if (task.state == Task.State.NEW) {
      task.clock.start(nowPs());
    } else {
      task.clock.stamp(task.heldCategory, nowPs());
    }
    task.state = Task.State.RUNNABLE;
    boolean wasIdle = isIdle();
    goOn(wasIdle, scheduler.add(task), task.isWokenFromAfar);
  }

  /** Somebody can run who could not before. */
  void goOn(boolean wasIdle, boolean preempts, boolean isFromAfar) {
    if (wasIdle) {
      // whatever woke it, the tick that it idles in comes first
      long readyPs = ticks.waited();
      if (readyPs > nowPs()) {
        resumeAt(readyPs);
      } else {
        proceed();
      }
    } else if (preempts && isFromAfar) {
      interrupts.reschedule();
    }
  }

  boolean isIdle() {
    return current == null && stack.isEmpty() && scheduler.isEmpty();
  }

  /** The end of something that the CPU begins to execute, with the ticks that come meanwhile. */
  long executed(long endPs) {
    return endPs > nextInterruptionPs ? interrupted(endPs) : endPs;
  }

  @Override
  protected long interrupted(long endPs) {
    return ticks.executed(endPs);
  }

  private void proceed() {
    while (true) {
      if (!stack.isEmpty()) {
        if (stack.run() == KernelPath.WAIT) {
          return;
        }
        continue;
      }
      Task running = current;
      if (running == null) {
        SchedEntity picked = scheduler.pick();
        if (picked == null) {
          return;
        }
        switchTo(picked);
        continue;
      }
      shown.show(running);
      switch (execution.step(running)) {
        case TaskExecution.LATER -> {
          return;
        }
        case TaskExecution.PREEMPTED -> preempt(running);
        case TaskExecution.GONE -> {
          if (running.state != Task.State.ENDED) {
            node.taskMemory().leave(index, running, nowPs());
          }
          current = null;
          shown.end();
        }
        default -> {
          // a path was called: the stack is run next
        }
      }
    }
  }

  private void preempt(Task running) {
    SchedEntity picked = scheduler.preempt(running);
    if (picked != null) {
      running.state = Task.State.RUNNABLE;
      node.taskMemory().leave(index, running, nowPs());
      current = null;
      shown.end();
      switchTo(picked);
    }
  }

  private void switchTo(SchedEntity entity) {
    if (entity.task() < 0) {
      contextSwitches++;
      previous = null;
      ticks.forget();
      stack.call(threads.of(entity));
      return;
    }
    Task picked = node.task(entity.task());
    if (picked == previous && picked.heldCategory == TimeCategory.REPLAY_ORDER) {
      begin(picked); // held for the captured order alone: it never slept, nothing was switched
      return;
    }
    contextSwitches++;
    next = picked;
    enteredSpace = picked.process.memory().index();
    stack.call(switchPath).slot[SwitchPath.NEW_SPACE] = enteredSpace == loadedSpace ? 0 : 1;
  }

  /** End of the switch path: the task that was picked has the CPU. */
  void switched() {
    begin(Objects.requireNonNull(next));
  }

  private void begin(Task picked) {
    next = null;
    current = picked;
    previous = picked;
    picked.state = Task.State.RUNNING;
    picked.cpu = index;
    loadSpace(picked.process.memory().index());
    node.smp().perCpu().stackSwitched(index, picked.index);
    node.taskMemory().enter(index, picked, nowPs());
    node.smp().perCpu().currentStored(index, picked.index);
    ticks.forget();
    picked.clock.stamp(TimeCategory.SCHEDULER, nowPs());
  }

  /** After exec, or a switch to a task of another process. */
  void loadSpace(int space) {
    enteredSpace = NO_SPACE;
    if (space != loadedSpace) {
      loadedSpace = space;
      user.load(space);
    }
  }

  long contextSwitches() {
    return contextSwitches;
  }

  @Override
  public void describe(StringBuilder out) {
    super.describe(out);
    if (current != null) {
      out.append(" for ").append(current.describe());
    }
    out.append(", ").append(scheduler);
    threads.describe(out);
  }

  @Override
  public boolean isQuiescent() {
    return super.isQuiescent() && current == null && scheduler.isEmpty() && threads.isQuiescent();
  }
}
