package org.legosim.timing.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;

/**
 * One simulated machine's time: actors, pending events and the present. Single-threaded; independent
 * simulations may run on different host threads.
 */
public final class Simulation {
  /** The usual priority; lower values go first among events of one instant. */
  public static final int PRIORITY_NORMAL = 64;

  /** Hardware that completes at an instant is seen by software that looks at that instant. */
  public static final int PRIORITY_HARDWARE = 32;

  /** Events without progress after which the watchdog stops a run. */
  public static final long STALL_EVENTS = 20_000_000L;

  private final EventQueue queue = new EventQueue();
  private final List<Actor> actors = new ArrayList<>();
  private Actor[] actorTable = new Actor[0];
  private long[] sentCounts = new long[0];
  private final long seed;
  private final Ledger ledger = new Ledger();
  private final boolean runAhead;
  private long nowPs;
  private long eventCount;
  private long eventsAtProgress;
  private boolean stopped;

  public Simulation(long seed) {
    this(seed, true);
  }

  /**
   * @param runAhead false for the plain engine, in which every step is an event of its own: the
   *     oracle that the inlining one is compared with
   */
  public Simulation(long seed, boolean runAhead) {
    this.seed = seed;
    this.runAhead = runAhead;
  }

  /** Adds an actor; its id is its position in the order of wiring. */
  public int register(Actor actor) {
    int id = actors.size();
    if (id > EventQueue.ACTOR_MAX) {
      throw new ModelException("more than " + EventQueue.ACTOR_MAX + " actors");
    }
    actors.add(actor);
    actorTable = actors.toArray(new Actor[0]);
    sentCounts = Arrays.copyOf(sentCounts, id + 1);
    return id;
  }

  /** A stream of its own for the component at {@code path}; other components do not affect it. */
  public RandomStream stream(String path) {
    return RandomStream.of(seed, path);
  }

  public long seed() {
    return seed;
  }

  public Ledger ledger() {
    return ledger;
  }

  public long nowPs() {
    return nowPs;
  }

  public long eventCount() {
    return eventCount;
  }

  /** False in the plain engine, which never advances inline. */
  public boolean runsAhead() {
    return runAhead;
  }

  /** Time of the next pending event of anyone, or {@link Long#MAX_VALUE}. */
  @HotPath
  public long nextEventPs() {
    return queue.firstTimePs();
  }

  /**
   * Sends an event.
   *
   * @param sender the actor that acts now; ties of one instant are ordered by it
   * @throws ModelException when {@code timePs} lies in the past
   */
  @HotPath
  public void schedule(int sender, int receiver, int priority, long timePs, long payload) {
    if (timePs < nowPs) {
      throw inThePast(sender, receiver, timePs);
    }
    long sequence = sentCounts[sender]++;
    queue.add(timePs, EventQueue.orderOf(priority, sender, sequence), receiver, payload);
  }

  /**
   * Moves the present to {@code timePs} without an event, if nobody else acts before or at that time.
   * A tie goes through the queue, where the order of its instant decides.
   */
  @HotPath
  public boolean tryAdvance(long timePs) {
    if (timePs < nowPs) {
      throw inThePast(0, 0, timePs);
    }
    if (!runAhead || queue.firstTimePs() <= timePs) {
      return false;
    }
    nowPs = timePs;
    return true;
  }

  /** Tells the watchdog that the simulated programs got further. */
  @HotPath
  public void progress() {
    eventsAtProgress = eventCount;
  }

  /** Ends {@link #run} after the present event. */
  public void stop() {
    stopped = true;
  }

  /**
   * Delivers events in order until none is left or {@link #stop} was called.
   *
   * @throws InvariantViolation when the watchdog sees no progress
   */
  public void run() {
    stopped = false;
    while (!stopped && !queue.isEmpty()) {
      nowPs = queue.firstTimePs();
      int receiver = queue.firstReceiver();
      long payload = queue.firstPayload();
      queue.removeFirst();
      if (++eventCount - eventsAtProgress > STALL_EVENTS) {
        throw new InvariantViolation(dump(
            "no progress in " + STALL_EVENTS + " events: the simulated system is live-locked"));
      }
      actorTable[receiver].onEvent(payload);
    }
  }

  /** Every actor that is in flight, for a message. */
  public String dump(String reason) {
    StringBuilder out = new StringBuilder();
    out.append(reason)
        .append(" at ")
        .append(nowPs)
        .append(" ps, seed ")
        .append(seed)
        .append(", ")
        .append(queue.size())
        .append(" pending events\n");
    for (Actor actor : actors) {
      if (!actor.isQuiescent()) {
        out.append(actor.name()).append(": ");
        actor.describe(out);
        out.append('\n');
      }
    }
    return out.toString();
  }

  /** Checks at the end of a run that nothing is in flight anywhere. */
  public void verifyQuiescent() {
    if (!queue.isEmpty()) {
      throw new InvariantViolation(dump("events are pending at the end of the run"));
    }
    for (Actor actor : actors) {
      if (!actor.isQuiescent()) {
        throw new InvariantViolation(dump("the simulated system is deadlocked"));
      }
    }
  }

  private ModelException inThePast(int sender, int receiver, long timePs) {
    return new ModelException("event for "
        + timePs
        + " ps scheduled in the past of "
        + nowPs
        + " ps, by "
        + actors.get(sender).name()
        + " for "
        + actors.get(receiver).name()
        + ", seed "
        + seed);
  }
}
