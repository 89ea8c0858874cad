package org.legosim.kernel.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Work queues: each CPU has a pool of workers that does, one after the other, what was queued on it. A pool
 * comes in two steps, as a CPU is brought up: it is prepared, which makes its first worker, and put online, which
 * binds the worker to the CPU and lets it run. Work for a pool before that stays where it is until it comes
 * online, and who waits for it waits as long.
 *
 * <p>Source: LegoOS {@code kernel/workqueue.c}: {@code workqueue_prepare_cpu}, {@code workqueue_online_cpu}.
 */
public final class WorkQueues {
  /** Something to do once. */
  public static final class Work {
    private final String name;
    private final long durationPs;
    private final Runnable function;
    private boolean isPending;
    private long runs;

    /**
     * @param name for messages
     * @param durationPs time of a worker that it takes, in picoseconds
     */
    public Work(String name, long durationPs, Runnable function) {
      this.name = name;
      this.durationPs = durationPs;
      this.function = function;
    }

    public String name() {
      return name;
    }

    public long durationPs() {
      return durationPs;
    }

    /** True from when it is queued to when it begins: it is not queued twice meanwhile. */
    public boolean isPending() {
      return isPending;
    }

    /** How often it was done. */
    public long runs() {
      return runs;
    }

    /** Called by the worker. It may queue itself again. */
    public void run() {
      isPending = false;
      runs++;
      function.run();
    }
  }

  /** Hands work to a CPU's worker. */
  @FunctionalInterface
  public interface Workers {
    /**
     * Wakes the worker up if it sleeps.
     *
     * @param sender actor that queues the work
     */
    void hand(int sender, int cpu, Work work);
  }

  private enum Pool {
    ABSENT,
    PREPARED,
    ONLINE
  }

  private static final class State {
    Pool pool = Pool.ABSENT;
    final ArrayDeque<Work> held = new ArrayDeque<>();
  }

  private final List<State> states = new ArrayList<>();
  private final Workers workers;

  public WorkQueues(int cpus, Workers workers) {
    this.workers = workers;
    for (int cpu = 0; cpu < cpus; cpu++) {
      states.add(new State());
    }
  }

  /** Makes the first worker of a CPU that is brought up. */
  public void prepare(int cpu) {
    State state = states.get(cpu);
    state.pool = state.pool == Pool.ABSENT ? Pool.PREPARED : state.pool;
  }

  /**
   * The CPU runs: its worker is bound to it and does what was queued before.
   *
   * @param sender actor that brings the CPU up
   * @return false when it has no worker, because it was never prepared: nothing will be done there
   */
  public boolean online(int cpu, int sender) {
    State state = states.get(cpu);
    if (state.pool == Pool.ABSENT) {
      return false;
    }
    state.pool = Pool.ONLINE;
    while (!state.held.isEmpty()) {
      workers.hand(sender, cpu, state.held.remove());
    }
    return true;
  }

  /**
   * Queues work on a CPU.
   *
   * @return false when it is queued already
   */
  public boolean queueOn(int cpu, int sender, Work work) {
    if (work.isPending) {
      return false;
    }
    work.isPending = true;
    State state = states.get(cpu);
    if (state.pool == Pool.ONLINE) {
      workers.hand(sender, cpu, work);
    } else {
      state.held.add(work);
    }
    return true;
  }

  /** A line for each work that nobody does because its CPU is not online. */
  public List<String> held() {
    List<String> lines = new ArrayList<>();
    for (int cpu = 0; cpu < states.size(); cpu++) {
      State state = states.get(cpu);
      for (Work work : state.held) {
        String why = state.pool == Pool.ABSENT ? "has no worker" : "is not online";
        lines.add("work " + work.name + " is queued on CPU " + cpu + ", which " + why);
      }
    }
    return lines;
  }
}
