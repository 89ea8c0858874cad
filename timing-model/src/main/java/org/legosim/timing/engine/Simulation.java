package org.legosim.timing.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.timeline.Timeline;

/**
 * One simulated machine's time: actors, pending events and the present. Single-threaded; independent
 * simulations may run on different host threads.
 */
public final class Simulation {
  /** The usual priority; lower values go first among events of one instant. */
  public static final int PRIORITY_NORMAL = 64;

  /** Hardware that completes at an instant is seen by software that looks at that instant. */
  public static final int PRIORITY_HARDWARE = 32;

  /** Events without progress after which the watchdog looks at a run, again and again. */
  public static final long STALL_EVENTS = 20_000_000L;

  private final EventQueue queue = new EventQueue();
  private final List<Actor> actors = new ArrayList<>();
  private Actor[] actorTable = new Actor[0];
  private long[] sentCounts = new long[0];
  private final long seed;
  private final Ledger ledger = new Ledger();
  private final boolean runAhead;
  private final long stallEvents;
  private long longestLimitPs;
  private String limitKey = "";
  private long nowPs;
  private long eventCount;
  private long progressPs;
  /** The watchdog's last look, or the last progress if that is later. */
  private long watchedEvents;

  private long watchedPs;
  private boolean stopped;
  private Timeline timeline = Timeline.NONE;
  private @Nullable Interleaving interleaving;
  private long nextArrivalPs;
  private Profile profile = Profile.OFF;

  public Simulation(long seed) {
    this(seed, true);
  }

  /**
   * @param runAhead false for the plain engine, in which every step is an event of its own: the
   *     oracle that the inlining one is compared with
   */
  public Simulation(long seed, boolean runAhead) {
    this(seed, runAhead, STALL_EVENTS);
  }

  /**
   * @param stallEvents in place of {@link #STALL_EVENTS}
   */
  Simulation(long seed, boolean runAhead, long stallEvents) {
    this.seed = seed;
    this.runAhead = runAhead;
    this.stallEvents = stallEvents;
  }

  /** Shows the run on {@code shown}; to be called before any actor is registered. */
  public void show(Timeline shown) {
    if (!actors.isEmpty()) {
      throw new ModelException("a timeline must be given before the first actor");
    }
    timeline = shown;
  }

  /** Where the run is shown; {@link Timeline#NONE} when nobody watches. */
  public Timeline timeline() {
    return timeline;
  }

  /** True when the run is shown on a timeline. */
  public boolean isShown() {
    return timeline != Timeline.NONE;
  }

  /** Switches the kernel's profile points on; to be called before the paths that have them are made. */
  public void profile(Profile points) {
    profile = points;
  }

  /** The kernel's profile points; off unless {@link #profile(Profile)} was called. */
  public Profile profile() {
    return profile;
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
    watchedEvents = eventCount;
    watchedPs = nowPs;
    progressPs = nowPs;
  }

  /**
   * Tells the watchdog that the model itself ends a wait after {@code limitPs}: while time advances, a
   * run is live-locked only after more than twice the longest such limit.
   *
   * @param key the parameter that sets the limit, for the message
   */
  public void mayWait(long limitPs, String key) {
    if (limitPs > longestLimitPs) {
      longestLimitPs = limitPs;
      limitKey = key;
    }
  }

  /** Has the steps of CPUs chosen by {@code chooser}; the engine must be the plain one. */
  public void interleave(Interleaving chooser) {
    if (runAhead) {
      throw new ModelException("a schedule is chosen in the plain engine only");
    }
    interleaving = chooser;
  }

  /** Times of the pending steps of every actor, by its id; {@link Long#MAX_VALUE} where there is none. */
  public long[] pendingStepsPs() {
    long[] steps = new long[actors.size()];
    Arrays.fill(steps, Long.MAX_VALUE);
    queue.visit((timePs, receiver, payload) -> {
      if (actorTable[receiver].isStep(payload)) {
        steps[receiver] = Math.min(steps[receiver], timePs);
      }
    });
    return steps;
  }

  /** Time of the next event that is no step of an actor, such as a message that arrives; {@link Long#MAX_VALUE} when there is none. */
  public long nextArrivalPs() {
    nextArrivalPs = Long.MAX_VALUE;
    queue.visit((timePs, receiver, payload) -> {
      if (!actorTable[receiver].isStep(payload)) {
        nextArrivalPs = Math.min(nextArrivalPs, timePs);
      }
    });
    return nextArrivalPs;
  }

  /** Name of an actor. */
  public String nameOf(int actor) {
    return actors.get(actor).name();
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
      if (interleaving != null && actorTable[receiver].isStep(payload)) {
        long holdPs = interleaving.holdPs(this, receiver);
        if (holdPs > 0) {
          long order = queue.firstOrder();
          queue.removeFirst();
          queue.add(nowPs + holdPs, order, receiver, payload);
          continue;
        }
      }
      queue.removeFirst();
      if (++eventCount - watchedEvents > stallEvents) {
        checkStall();
      }
      actorTable[receiver].onEvent(payload);
    }
  }

  private void checkStall() {
    if (nowPs == watchedPs) {
      throw new InvariantViolation(dump("no progress in "
          + stallEvents
          + " events, and simulated time stands still: the simulated system is live-locked. Those in"
          + " flight below wake each other at no cost; please report this with the command and the"
          + " seed"));
    }
    if (nowPs - progressPs > 2 * Math.min(longestLimitPs, Long.MAX_VALUE / 2)) {
      throw new InvariantViolation(dump("no progress of any program in "
          + (nowPs - progressPs)
          + " ps and more than "
          + stallEvents
          + " events"
          + (limitKey.isEmpty() ? "" : ", more than twice what " + limitKey + " lets a wait last")
          + ": the simulated system is live-locked. Look below at what each CPU does: if all are in"
          + " page faults, threads take each other's pages out of one set; give pcache.ways or"
          + " pcache.size a larger value, or the trace fewer threads"));
    }
    watchedEvents = eventCount;
    watchedPs = nowPs;
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
