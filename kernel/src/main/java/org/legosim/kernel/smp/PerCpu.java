package org.legosim.kernel.smp;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.legosim.timing.InvariantViolation;

/**
 * The per-CPU variables by which the kernel knows whom it works for, and the kernel stack that each CPU really is on.
 * A switch changes the stack first and {@code current_task} last, so between the two an exception finds them
 * different, which is no defect; at any other time it is one. On entry the user's stack pointer lies in the CPU's
 * scratch until it is on the task's own stack.
 *
 * <p>Takes no simulated time: it is part of what switches and entries cost.
 *
 * <p>Source: LegoOS {@code arch/x86/kernel/process.c}, {@code arch/x86/entry/entry_64.S}.
 */
public final class PerCpu {
  /** The idle thread of a CPU. */
  public static final int IDLE = -1;

  private final boolean isChecked;
  private final IntFunction<String> nameOf;
  /** By CPU. */
  private final int[] area;

  private final int[] stack;
  private final boolean[] isSwitching;
  /** By area. */
  private final int[] current;

  private final int[] topOfStack;
  private final int[] userStack;
  private final int[] writer;
  private final int[] entrant;
  private final SmpDefects defects;
  private long exceptionsInSwitches;

  /**
   * @param isChecked whether a CPU that takes one task for another stops the run
   * @param nameOf names a task in a message
   */
  public PerCpu(int cpus, SmpDefects defects, boolean isChecked, IntFunction<String> nameOf) {
    this.defects = defects;
    this.isChecked = isChecked;
    this.nameOf = nameOf;
    area = new int[cpus];
    stack = filled(cpus);
    isSwitching = new boolean[cpus];
    current = filled(cpus);
    topOfStack = filled(cpus);
    userStack = filled(cpus);
    writer = new int[cpus];
    entrant = new int[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      // LEGOOS-BUG: F-4, the base of every other CPU's variables is that of the CPU before it.
      area[cpu] = defects.sharesPerCpuArea() ? cpu & ~1 : cpu;
      writer[cpu] = cpu;
      entrant[cpu] = cpu;
    }
  }

  private static int[] filled(int length) {
    int[] tasks = new int[length];
    Arrays.fill(tasks, IDLE);
    return tasks;
  }

  /** A switch is on the next task's stack: the window in which the two differ begins. */
  public void stackSwitched(int cpu, int task) {
    stack[cpu] = task;
    isSwitching[cpu] = true;
  }

  /** The switch stores who runs: the window ends. */
  public void currentStored(int cpu, int task) {
    int mine = area[cpu];
    // LEGOOS-BUG: F-3, a switch leaves current_task as it is.
    if (!defects.keepsCurrent()) {
      current[mine] = task;
    }
    topOfStack[mine] = task;
    writer[mine] = cpu;
    isSwitching[cpu] = false;
  }

  /**
   * An exception or an interrupt looks whom it has come over.
   *
   * @param what with its article, for a message
   * @throws InvariantViolation when that cannot be told, outside of a switch
   */
  public void exception(int cpu, String what, long timePs) {
    if (current[area[cpu]] == stack[cpu]) {
      return;
    }
    if (isSwitching[cpu]) {
      exceptionsInSwitches++;
    } else if (isChecked) {
      throw new InvariantViolation("current: " + what + " on CPU " + cpu + " at " + timePs
          + " ps finds " + name(current[area[cpu]]) + " in current_task, on the stack of "
          + name(stack[cpu]) + " and outside of a switch" + shared(cpu, writer));
    }
  }

  /** Exceptions that came in the window of a switch. */
  public long exceptionsInSwitches() {
    return exceptionsInSwitches;
  }

  /** A task enters the kernel by a system call: its stack pointer goes to the CPU's scratch. */
  public void entered(int cpu, int task) {
    userStack[area[cpu]] = task;
    entrant[area[cpu]] = cpu;
  }

  /**
   * The entry goes to the kernel stack that the CPU's variables name and pushes what the scratch holds.
   *
   * @throws InvariantViolation when one of them is another task's
   */
  public void onKernelStack(int cpu, int task, long timePs) {
    int mine = area[cpu];
    if (isChecked && (topOfStack[mine] != task || userStack[mine] != task)) {
      throw new InvariantViolation("entry: " + name(task) + " enters the kernel on CPU " + cpu
          + " at " + timePs + " ps on the kernel stack of " + name(topOfStack[mine])
          + ", with the stack pointer of " + name(userStack[mine])
          + shared(cpu, topOfStack[mine] == task ? entrant : writer));
    }
  }

  private String name(int task) {
    return task == IDLE ? "the idle thread" : nameOf.apply(task);
  }

  private String shared(int cpu, int[] lastOf) {
    int last = lastOf[area[cpu]];
    return last == cpu ? "" : "; CPU " + last + " has written the per-CPU variables of CPU " + cpu;
  }
}
