package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.timing.results.TimeCategory;

/**
 * Tasks that change the CPU because their affinity did: one that waits is moved at once, one that runs by its
 * CPU's stopper, which its caller waits for, and one that sleeps when it wakes up.
 *
 * <p>Source: LegoOS {@code kernel/sched/core.c}: {@code set_cpus_allowed_ptr}, {@code migration_cpu_stop}.
 */
final class Affinity {
  private final ProcessorNode node;
  private long migrations;

  Affinity(ProcessorNode node) {
    this.node = node;
  }

  long migrations() {
    return migrations;
  }

  private boolean isAllowed(Task task, int cpu) {
    return task.sched.allowed().has(cpu)
        && node.scheduling().placement().active().has(cpu);
  }

  /**
   * Changes a task's affinity.
   *
   * @param cpu CPU of the caller
   * @param mask has an active CPU
   * @return true when the caller must sleep until the task has left its CPU
   */
  boolean set(Cpu cpu, Task caller, Task task, CpuMask mask) {
    task.sched.setAllowed(mask);
    boolean isPlaced = task.state != Task.State.NEW && task.state != Task.State.ENDED;
    if (!isPlaced || isAllowed(task, task.cpu)) {
      return false;
    }
    if (task == caller) {
      task.kernel.movedBy.add(caller);
      cpu.threads().stop(new Migration(task), false);
      return true;
    }
    Cpu target = node.cpus().get(task.cpu);
    boolean runs = target.scheduler().queue().current() == task.sched;
    if (runs) {
      task.kernel.movedBy.add(caller);
    }
    target.orderAt(cpu.id(), node.scheduling().arrivalPs(cpu, target), Cpu.Order.MOVE, task);
    return runs;
  }

  /** The order to move a task has come to a CPU. */
  void ordered(Cpu cpu, Task task) {
    if (cpu.scheduler().queue().current() == task.sched && !isAllowed(task, cpu.cpuIndex())) {
      cpu.threads().stop(new Migration(task), true);
    } else {
      move(cpu, task);
    }
  }

  /** Moves a task that waits on this CPU, and has forgotten about one that does not. */
  private void move(Cpu cpu, Task task) {
    boolean waits = task.cpu == cpu.cpuIndex() && task.sched.isQueued();
    if (waits && !isAllowed(task, task.cpu)) {
      cpu.scheduler().remove(task);
      task.heldCategory = TimeCategory.SCHEDULER;
      task.arrival = Task.Arrival.MOVES;
      send(cpu, task, task.sched.allowed().firstIn(node.scheduling().placement().active()));
    }
    List<Task> callers = List.copyOf(task.kernel.movedBy);
    task.kernel.movedBy.clear();
    for (Task caller : callers) {
      node.wakeUp(caller, cpu);
    }
  }

  /** A task that wakes up may not run where it ran: it leaves that CPU's queue for good. */
  void wakesElsewhere(Task task, int target) {
    if (task.arrival == Task.Arrival.WAKES) {
      node.cpus().get(task.cpu).scheduler().queue().detach(task.sched);
      task.arrival = Task.Arrival.WAKES_ELSEWHERE;
    }
    task.cpu = target;
    migrations++;
  }

  /** A task that has come to a CPU may not run there any more. */
  void sendOn(Cpu cpu, Task task, int target) {
    if (task.arrival == Task.Arrival.WAKES) {
      cpu.scheduler().queue().detach(task.sched);
      task.arrival = Task.Arrival.WAKES_ELSEWHERE;
    }
    node.scheduling().placement().arrived(task.sched, cpu.cpuIndex());
    send(cpu, task, target);
  }

  private void send(Cpu cpu, Task task, int target) {
    task.cpu = target;
    migrations++;
    node.scheduling().placement().sent(task.sched, target);
    task.isWokenFromAfar = true;
    Cpu to = node.cpus().get(target);
    to.enqueueAt(cpu.id(), node.scheduling().arrivalPs(cpu, to), task);
  }

  /** The stopper's part. */
  private final class Migration implements KernelWork {
    private final Task task;

    Migration(Task task) {
      this.task = task;
    }

    @Override
    public long beginPs() {
      return node.costs().wakeUp.charge();
    }

    @Override
    public boolean perform(Cpu cpu) {
      move(cpu, task);
      return true;
    }

    @Override
    public String name() {
      return "moving " + task.describe();
    }
  }
}
