package org.legosim.kernel.processor;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.Simulation;

/**
 * Stopping every CPU to do something that nobody may see half done: each CPU's stopper comes, all turn their
 * interrupts off together, one of them does it, and all go on. One such stop at a time; the next one waits.
 * A CPU whose stopper never gets to run, because interrupts are off there, holds all others up for ever.
 *
 * <p>Source: LegoOS {@code kernel/stop_machine.c}, {@code multi_cpu_stop}.
 */
final class StopMachine {
  /** What the CPUs do together, one after the other. */
  private enum State {
    PREPARE,
    DISABLE_INTERRUPTS,
    RUN,
    EXIT
  }

  private final Simulation simulation;
  private final ProcessorNode node;
  private final ArrayDeque<Stop> stops = new ArrayDeque<>();
  private long done;

  StopMachine(Simulation simulation, ProcessorNode node) {
    this.simulation = simulation;
    this.node = node;
  }

  /** Stops that are over. */
  long done() {
    return done;
  }

  /** True when no stop is in progress or waits for one. */
  boolean isIdle() {
    return stops.isEmpty();
  }

  /**
   * Stops all CPUs, once every earlier stop is over.
   *
   * @param sender actor that asks for it now
   * @param runsOn CPU that runs {@code function} while all stand still
   * @param timePs what that takes
   */
  void stop(int sender, int runsOn, long timePs, Runnable function) {
    Stop stop = new Stop(runsOn, timePs, function);
    stops.add(stop);
    if (stops.size() == 1) {
      stop.begin(sender);
    }
  }

  /** One stop, which every CPU's stopper works on at once. */
  private final class Stop implements KernelWork {
    private final int runsOn;
    private final long timePs;
    private final Runnable function;
    private boolean hasBegun;
    private final @Nullable State[] seen = new State[node.cpus().size()];
    private State state = State.PREPARE;
    private int missing = node.cpus().size();

    Stop(int runsOn, long timePs, Runnable function) {
      this.runsOn = runsOn;
      this.timePs = timePs;
      this.function = function;
    }

    void begin(int sender) {
      long arrivalPs = simulation.nowPs() + node.costs().shootdown.delivery.ps();
      for (Cpu cpu : node.cpus()) {
        cpu.workAt(sender, arrivalPs, this, true);
      }
    }

    @Override
    public long beginPs() {
      return 0;
    }

    @Override
    public boolean perform(Cpu cpu) {
      int index = cpu.cpuIndex();
      while (seen[index] != state) {
        if (state == State.RUN && index == runsOn && !hasBegun) {
          hasBegun = true;
          if (!cpu.advance(timePs)) {
            return false;
          }
        }
        seen[index] = state;
        if (state == State.DISABLE_INTERRUPTS) {
          cpu.interrupts().disable();
        } else if (state == State.RUN && index == runsOn) {
          function.run();
        }
        State acknowledged = state;
        acknowledge(cpu);
        if (acknowledged == State.EXIT) {
          cpu.interrupts().enable();
          return true;
        }
      }
      cpu.beginWait("other CPUs to stop");
      return false;
    }

    private void acknowledge(Cpu cpu) {
      if (--missing > 0) {
        return;
      }
      if (state == State.EXIT) {
        over(cpu);
        return;
      }
      state = State.values()[state.ordinal() + 1];
      missing = seen.length;
      long seenPs = simulation.nowPs() + node.costs().futexHandOver.ps();
      for (Cpu other : node.cpus()) {
        if (other != cpu) {
          other.wake(cpu.id(), seenPs);
        }
      }
    }

    private void over(Cpu cpu) {
      done++;
      stops.remove();
      Stop next = stops.peek();
      if (next != null) {
        next.begin(cpu.id());
      }
    }

    @Override
    public String name() {
      return "stop_machine " + state + ", " + missing + " CPUs missing";
    }
  }
}
