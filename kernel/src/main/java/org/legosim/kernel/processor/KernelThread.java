package org.legosim.kernel.processor;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.sched.SchedEntity;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * A kernel thread that belongs to one CPU, from the switch to it until it has nothing left to do and sleeps:
 * {@code migration/N}, which nothing goes before, and {@code kworker/N}, which is like any fair task. Its
 * address space is whatever is loaded, and it uses no vector registers.
 *
 * <p>Source: LegoOS {@code kernel/stop_machine.c}, {@code kernel/workqueue.c}.
 */
final class KernelThread extends KernelPath {
  private static final int SWITCH = 0;
  private static final int NEXT = 1;
  private static final int WORK = 2;

  private final Cpu cpu;
  private final SchedEntity sched;
  private final Cost contextSwitch;
  private final ArrayDeque<KernelWork> works = new ArrayDeque<>();
  private @Nullable KernelWork current;

  KernelThread(Cpu cpu, String name, SchedEntity sched, KernelCosts costs) {
    super(name);
    this.cpu = cpu;
    this.sched = sched;
    this.contextSwitch = costs.contextSwitch;
  }

  SchedEntity sched() {
    return sched;
  }

  /** Leaves it something to do; whoever does so wakes it up. */
  void queue(KernelWork work) {
    works.add(work);
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    while (true) {
      switch (frame.step) {
        case SWITCH:
          frame.step = NEXT;
          if (!cpu.advance(contextSwitch.charge())) {
            return WAIT;
          }
        // fall through
        case NEXT:
          if (works.isEmpty()) {
            cpu.scheduler().block();
            return DONE;
          }
          if (cpu.scheduler().needsResched()) {
            return DONE;
          }
          current = works.remove();
          frame.step = WORK;
          if (!cpu.advance(current.beginPs())) {
            return WAIT;
          }
        // fall through
        default: // WORK
          if (current != null && !current.perform(cpu)) {
            return WAIT;
          }
          current = null;
          frame.step = NEXT;
      }
    }
  }

  @Override
  public String stepName(int step) {
    return current == null ? "switch" : current.name();
  }
}
