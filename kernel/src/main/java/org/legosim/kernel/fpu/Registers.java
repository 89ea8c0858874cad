package org.legosim.kernel.fpu;

import java.util.Arrays;
import java.util.Locale;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;

/**
 * The registers that user code computes with beyond the general ones, on every CPU and in every task's save
 * area, each content a number: what a task's user code leaves is a new number, and what it finds when it runs
 * next must be that number. Eager: every switch saves and restores.
 *
 * <p>A task's save area is at 0x400 of its task_struct; XSAVE and XRSTOR of an area that is not aligned to 64
 * bytes raise a general protection, whose fixup skips the instruction and warns once.
 *
 * <p>Source: LegoOS {@code arch/x86/kernel/fpu/}, {@code kernel/fork.c}.
 */
public final class Registers {
  /** Of the save area in a task_struct. */
  static final int AREA_OFFSET = 0x400;

  /** What XSAVE and XRSTOR want. */
  public static final int ALIGNMENT = 64;

  /** Fields of a task_struct behind its save area. */
  private static final int TAIL_BYTES = 64;

  /** Registers as exec and a thread without a parent get them. */
  private static final long CLEARED = 0;

  private static final String UNPATCHED = "xsave64";
  private static final String COPY = "fpu__copy";
  private static final String SWITCH = "__switch_to";

  private final KernelHeap heap;
  private final FpuDefects defects;
  private final KernelWarnings warnings;
  private final boolean isChecked;
  private final String patched;
  private final int taskBytes;
  private final int pageOrder;
  private final long[] live;
  private long[] saved = new long[16];
  private long[] left = new long[16];
  private long[] base = new long[16];
  private String[] name = new String[16];
  private int[] writer = new int[16];
  private int contents;
  private boolean isPatched;
  private ProtectionHandler handler = (cpu, timePs) -> {};
  /** By task: its first protection in each place, or nothing. */
  private String[] copyFault = new String[16];

  private String[] switchFault = new String[16];

  /**
   * Boots: patches the instructions in and uses them.
   *
   * @param isChecked whether a task that finds other registers than its own stops the run
   */
  public Registers(
      KernelHeap heap,
      FpuParams params,
      FpuDefects defects,
      KernelWarnings warnings,
      int cpus,
      boolean isChecked) {
    this.heap = heap;
    this.defects = defects;
    this.warnings = warnings;
    this.isChecked = isChecked;
    this.patched = params.feature().name().toLowerCase(Locale.ROOT) + "64";
    this.taskBytes = AREA_OFFSET + (int) params.stateBytes() + TAIL_BYTES;
    this.pageOrder = KernelHeap.orderOf(taskBytes);
    this.live = new long[cpus];
    if (defects.usedBeforePatching()) {
      // LEGOOS-BUG: F-2, the first save of the boot comes before the alternatives.
      saveInstruction();
      isPatched = true;
    } else {
      isPatched = true;
      saveInstruction();
    }
  }

  /** What the kernel does first when an instruction raises a general protection. */
  public interface ProtectionHandler {
    /** The protection is raised on {@code cpu}. */
    void raised(int cpu, long timePs);
  }

  /** Has general protections go through {@code protectionHandler} first. */
  public void onProtection(ProtectionHandler protectionHandler) {
    handler = protectionHandler;
  }

  /** The instruction that saves; a warning when it is asked for too early. */
  private String saveInstruction() {
    if (!isPatched) {
      warnings.once(
          "fpu/internal.h copy_xregs_to_kernel",
          "registers are saved before the alternatives are patched, by "
              + UNPATCHED
              + " in place of "
              + patched);
    }
    return isPatched ? patched : UNPATCHED;
  }

  /** A task that no other one of the trace made. */
  public void created(int task, String taskName) {
    allocate(task, taskName);
    saved[task] = CLEARED;
    left[task] = CLEARED;
  }

  /** True when the task exists. */
  public boolean has(int task) {
    return task < base.length && base[task] != 0;
  }

  /** clone, fork and vfork: the parent's live registers go straight into the child's area. */
  public void forked(int cpu, int parent, int child, String childName, long timePs) {
    allocate(child, childName);
    left[child] = live[cpu];
    if (isAligned(child)) {
      saved[child] = live[cpu];
    } else {
      protection(copyFault, COPY, saveInstruction(), cpu, child, parent, timePs);
    }
  }

  private void allocate(int task, String taskName) {
    ensure(task);
    // LEGOOS-BUG: F-1, where the structure lies decides whether the registers can be saved.
    long address = defects.tasksByKmalloc()
        ? heap.kmalloc(taskBytes, "task_struct of " + taskName)
        : heap.pages(pageOrder, "task_struct of " + taskName);
    base[task] = address;
    name[task] = taskName;
    copyFault[task] = "";
    switchFault[task] = "";
  }

  private void ensure(int task) {
    if (task >= base.length) {
      int length = Math.max(task + 1, 2 * base.length);
      saved = Arrays.copyOf(saved, length);
      left = Arrays.copyOf(left, length);
      base = Arrays.copyOf(base, length);
      name = Arrays.copyOf(name, length);
      copyFault = Arrays.copyOf(copyFault, length);
      switchFault = Arrays.copyOf(switchFault, length);
    }
  }

  /** Address of the task's save area. */
  public long area(int task) {
    return base[task] + AREA_OFFSET;
  }

  private boolean isAligned(int task) {
    return (area(task) & (ALIGNMENT - 1)) == 0;
  }

  /** The task leaves the CPU: saves its registers. */
  public void leave(int cpu, int task, long timePs) {
    if (isAligned(task)) {
      saved[task] = live[cpu];
    } else {
      protection(switchFault, SWITCH, saveInstruction(), cpu, task, task, timePs);
    }
  }

  /**
   * The task gets the CPU: restores its registers and goes on to compute with them.
   *
   * @throws InvariantViolation when what it finds is not what it left
   */
  public void enter(int cpu, int task, long timePs) {
    if (isAligned(task)) {
      live[cpu] = saved[task];
    } else {
      protection(switchFault, SWITCH, "xrstor64", cpu, task, task, timePs);
    }
    if (isChecked && live[cpu] != left[task]) {
      throw new InvariantViolation(violation(cpu, task, timePs));
    }
    compute(cpu, task);
  }

  private void compute(int cpu, int task) {
    contents++;
    if (contents == writer.length) {
      writer = Arrays.copyOf(writer, 2 * contents);
    }
    writer[contents] = task;
    live[cpu] = contents;
    left[task] = contents;
  }

  /** exec: the new program begins with cleared registers. */
  public void exec(int cpu, int task) {
    live[cpu] = CLEARED;
    compute(cpu, task);
  }

  /** The task has ended: its state is dropped, its memory is free. */
  public void exited(int task) {
    if (defects.tasksByKmalloc()) {
      heap.kfree(base[task]);
    } else {
      heap.freePages(base[task], pageOrder);
    }
    base[task] = 0;
  }

  /**
   * Delivers a signal: the frame on the user's stack gets the registers, the handler computes with them.
   *
   * @return what the frame holds, for {@link #signalReturn}
   */
  public long signalFrame(int cpu, int task) {
    long frame = live[cpu];
    compute(cpu, task);
    return frame;
  }

  /** Where the frame's registers go below the user's stack pointer. */
  public static long frameAddress(long stackPointer, long stateBytes) {
    return (stackPointer - stateBytes) & -ALIGNMENT;
  }

  /** sigreturn: the registers are what the frame holds. */
  public void signalReturn(int cpu, int task, long frame) {
    live[cpu] = frame;
    left[task] = frame;
  }

  /** What a CPU's registers hold. */
  long live(int cpu) {
    return live[cpu];
  }

  private void protection(
      String[] known,
      String place,
      String instruction,
      int cpu,
      int task,
      int current,
      long timePs) {
    handler.raised(cpu, timePs);
    if (!known[task].isEmpty()) {
      return;
    }
    long area = area(task);
    String text = "general protection at "
        + instruction
        + " in "
        + place
        + " on CPU "
        + cpu
        + " for "
        + name[current]
        + " at "
        + timePs
        + " ps: area 0x"
        + Long.toHexString(area)
        + " is "
        + (area & (ALIGNMENT - 1))
        + " bytes off a multiple of "
        + ALIGNMENT
        + "; fixed up, err=-2";
    warnings.once(place, text);
    known[task] = text;
  }

  private String violation(int cpu, int task, long timePs) {
    StringBuilder out = new StringBuilder("registers: ")
        .append(name[task])
        .append(" on CPU ")
        .append(cpu)
        .append(" at ")
        .append(timePs)
        .append(" ps finds ");
    describe(out, live[cpu]);
    out.append(" and not ");
    describe(out, left[task]);
    out.append(". Its save area is 0x").append(Long.toHexString(area(task)));
    for (String fault : new String[] {copyFault[task], switchFault[task]}) {
      if (!fault.isEmpty()) {
        out.append(". ").append(fault);
      }
    }
    return out.toString();
  }

  private void describe(StringBuilder out, long content) {
    if (content == CLEARED) {
      out.append("cleared registers");
    } else if (content > 0 && content <= contents) {
      out.append("what ").append(name[writer[(int) content]]).append(" left");
    } else {
      throw new ModelException("no task left registers number " + content);
    }
  }
}
