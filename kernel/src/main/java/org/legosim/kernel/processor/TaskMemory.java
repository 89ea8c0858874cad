package org.legosim.kernel.processor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.kernel.fpu.FpuDefects;
import org.legosim.kernel.fpu.KernelWarnings;
import org.legosim.kernel.fpu.Registers;
import org.legosim.kernel.smp.SmpKernel;
import org.legosim.timing.InvariantViolation;

/**
 * Where a processor node's kernel keeps its tasks and processes, and what follows from the place: a task's
 * task_struct with the registers saved in it, its stack, its process's descriptors and signal handlers, the
 * buffer of a transfer. Takes no simulated time: it is part of what clone, exit and the calls cost.
 *
 * <p>Order and sizes are those of {@code copy_process}; sizes that no boot log shows are this project's.
 */
final class TaskMemory {
  private static final int STACK_ORDER = 4;
  private static final int PID_BYTES = 88;
  private static final int FILES_BYTES = 704;
  /** 64 actions of 32 bytes, a count, a lock, a wait queue. */
  private static final int SIGHAND_BYTES = 2088;

  private static final int SIGNAL_BYTES = 880;

  private final KernelHeap heap;
  private final KernelWarnings warnings;
  private final Registers registers;
  private final KernelSetup setup;
  /** By task: stack, pid, the buffer of a transfer. */
  private long[] stack = new long[16];

  private long[] pid = new long[16];
  private long[] buffer = new long[16];
  /** By process: descriptors, signal handlers, signals; 0 before the first. */
  private long[] @Nullable [] shared = new long[8][];

  TaskMemory(
      KernelHeap kernelHeap, ProcessorCosts costs, int cpus, KernelSetup setup, SmpKernel smp) {
    this.setup = setup;
    this.warnings = smp.warnings();
    heap = kernelHeap;
    registers = new Registers(
        heap, costs.fpu(), FpuDefects.of(setup.faults()), warnings, cpus, setup.judgesInvariants());
    registers.onProtection(
        (cpu, timePs) -> smp.perCpu().exception(cpu, "a general protection", timePs));
  }

  /** The task that runs on {@code cpu} makes another one; null when its clone fails. */
  void cloned(Cpu cpu, Task parent, @Nullable Task child) {
    if (child != null) {
      registers.forked(cpu.cpuIndex(), parent.index, child.index, nameOf(child), cpu.nowPs());
      allocate(child);
    }
  }

  static String nameOf(Task task) {
    return "thread " + task.tid + " of process " + task.process.tgid();
  }

  private void allocate(Task task) {
    ensure(task.index);
    String name = nameOf(task);
    stack[task.index] = heap.pages(STACK_ORDER, "stack of " + name);
    int process = task.process.index();
    if (process >= shared.length) {
      shared = Arrays.copyOf(shared, Math.max(process + 1, 2 * shared.length));
    }
    if (shared[process] == null) {
      shared[process] = new long[] {
        heap.kmalloc(FILES_BYTES, "files of " + name),
        heap.kmalloc(SIGHAND_BYTES, "signal handlers of " + name),
        heap.kmalloc(SIGNAL_BYTES, "signals of " + name)
      };
    }
    pid[task.index] = heap.kmalloc(PID_BYTES, "pid of " + name);
  }

  private void ensure(int task) {
    if (task >= stack.length) {
      int length = Math.max(task + 1, 2 * stack.length);
      stack = Arrays.copyOf(stack, length);
      pid = Arrays.copyOf(pid, length);
      buffer = Arrays.copyOf(buffer, length);
    }
  }

  /** The task gets the CPU. */
  void enter(int cpu, Task task, long timePs) {
    if (!registers.has(task.index)) {
      registers.created(task.index, nameOf(task));
      allocate(task);
    }
    registers.enter(cpu, task.index, timePs);
  }

  /** The task, which lives on, gives the CPU up. */
  void leave(int cpu, Task task, long timePs) {
    registers.leave(cpu, task.index, timePs);
  }

  void exec(int cpu, Task task) {
    registers.exec(cpu, task.index);
  }

  /** For the delivery of signals. */
  Registers registers() {
    return registers;
  }

  void exited(Task task) {
    int index = task.index;
    transferred(task);
    registers.exited(index);
    heap.freePages(stack[index], STACK_ORDER);
    heap.kfree(pid[index]);
    long[] ofProcess = shared[task.process.index()];
    if (!task.process.hasThreads() && ofProcess != null) {
      for (long address : ofProcess) {
        heap.kfree(address);
      }
    }
  }

  /** A read or write takes a buffer. */
  void transfers(Task task, int bytes) {
    transferred(task);
    if (bytes > 0) {
      buffer[task.index] = heap.kmalloc(bytes, "buffer of " + nameOf(task));
    }
  }

  /** The call is over; the buffer, if there is one, is free. */
  void transferred(Task task) {
    long address = buffer[task.index];
    if (address != 0) {
      buffer[task.index] = 0;
      heap.kfree(address);
    }
  }

  List<String> warnings() {
    return warnings.texts();
  }

  /** @throws InvariantViolation when the kernel warned and that is judged */
  void verify() {
    if (setup.judgesWarnings() && !warnings.texts().isEmpty()) {
      throw new InvariantViolation("the kernel warned: " + String.join("; ", warnings.texts()));
    }
  }
}
