package org.legosim.kernel.processor;

import java.util.Arrays;
import org.legosim.kernel.rpc.Request;
import org.legosim.kernel.smp.InterruptMask;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.Timeline;

/**
 * A context of the processor node that runs kernel code: a CPU with its current task, or a pinned
 * kernel thread. The paths of pcache, FIT and the system calls see this much of it.
 */
public abstract class KernelContext extends ExecutionContext implements InterruptMask {
  private final Request request = new Request();

  protected KernelContext(Simulation simulation, String name) {
    super(simulation, name);
  }

  /** As {@link ExecutionContext#ExecutionContext(Simulation, String, Timeline.Kind)}. */
  protected KernelContext(Simulation simulation, String name, Timeline.Kind kind) {
    super(simulation, name, kind);
  }

  @Override
  public final boolean isStep(long payload) {
    return endsWait(payload);
  }

  /** Number of the CPU that this context runs on, from 0. */
  public abstract int cpuIndex();

  /** The CPU's one message: every caller is synchronous, so one is enough. */
  public final Request request() {
    return request;
  }

  /** The path that sends {@link #request} and waits for the reply. */
  public abstract KernelPath sendReply();

  /**
   * The path that flushes translations of {@code slot[0]} (an address space's index), from address
   * {@code slot[1]}, {@code slot[2]} pages (0 = all), on every CPU that may hold them.
   */
  public abstract KernelPath shootdown();

  /** Nobody interrupts a kernel thread with a CPU of its own. */
  @Override
  public void irqsOff(IrqsOff reason, long leadPs, long partPs, long parts) {}

  /** As {@link #advance}, with interrupts off. */
  public final boolean advanceIrqsOff(IrqsOff reason, long ps) {
    irqsOff(reason, 0, ps, 1);
    return advance(ps);
  }

  /** Gives the current task's time since its last stamp to a category; kernel threads have no clock. */
  public abstract void stamp(TimeCategory category);

  /**
   * Copies the current task's time per category to {@code target}; zeros for a kernel thread. Only
   * differences between two stamps mean anything.
   */
  public void copyClock(long[] target) {
    Arrays.fill(target, 0);
  }

  /**
   * Reads and writes the kernel's records of a page just filled through this context's caches.
   *
   * @return the time that takes beyond the kernel's own costs; 0 without caches
   */
  public long touchRecords(long address, long frame) {
    return 0;
  }

  /** Id of the current task, or 0 for a kernel thread. */
  public int taskId() {
    return 0;
  }

  /**
   * Gives the current task's time of the finished RPC to the network and memory categories by the
   * request's stage times.
   */
  public abstract void stampRequest();
}
