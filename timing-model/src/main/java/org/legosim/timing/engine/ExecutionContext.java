package org.legosim.timing.engine;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.timeline.Timeline;

/**
 * Something that executes kernel paths on simulated time: a CPU, a polling thread, a worker, a
 * daemon. While it runs paths its time is the simulation's present, so everything that a path does
 * has its place in the global order.
 *
 * <p>A wait has a token. A wake-up names the token of the wait that it ends; one that comes too late
 * (a timeout after the answer) finds another token and is ignored.
 */
public abstract class ExecutionContext implements Actor {
  /** Payload tag of a resume event; subclasses use other tags for events of their own. */
  protected static final int TAG_RESUME = 0;

  private static final int TAG_BITS = 8;

  protected final Simulation simulation;
  protected final KernelStack stack = new KernelStack();
  private final int id;
  private final String name;
  private final @Nullable TimelineTrack track;
  private long waitToken;
  private String waitingFor = "";
  private boolean waitsForTime;
  /** Time that the next step takes besides its own. */
  private long owedPs;

  /** When something interrupts what this context executes, known beforehand; see {@link #interrupted}. */
  protected long nextInterruptionPs = Long.MAX_VALUE;

  protected ExecutionContext(Simulation simulation, String name) {
    this(simulation, name, Timeline.Kind.KERNEL_THREAD);
  }

  /**
   * @param kind what its track shows on a timeline
   */
  protected ExecutionContext(Simulation simulation, String name, Timeline.Kind kind) {
    this.simulation = simulation;
    this.name = name;
    this.id = simulation.register(this);
    this.track = simulation.isShown() ? new TimelineTrack(simulation.timeline(), this, kind) : null;
    stack.showOn(track);
  }

  public final int id() {
    return id;
  }

  @Override
  public final String name() {
    return name;
  }

  public final KernelStack stack() {
    return stack;
  }

  /** Its track on the timeline; null when nobody watches. */
  public final @Nullable TimelineTrack track() {
    return track;
  }

  public final Simulation simulation() {
    return simulation;
  }

  public final long nowPs() {
    return simulation.nowPs();
  }

  /** Payload of an event with a tag and a value below 2^56. */
  protected static long payload(int tag, long value) {
    return value << TAG_BITS | tag;
  }

  protected static int tagOf(long payload) {
    return (int) payload & ((1 << TAG_BITS) - 1);
  }

  protected static long valueOf(long payload) {
    return payload >>> TAG_BITS;
  }

  /**
   * Lets {@code ps} of this context's time pass.
   *
   * @return true when the path goes on at once; false when it must return {@link KernelPath#WAIT} and
   *     will be resumed at that time
   */
  @HotPath
  public final boolean advance(long ps) {
    if (ps == 0) {
      return true;
    }
    long timePs = simulation.nowPs() + ps + owedPs;
    owedPs = 0;
    if (timePs > nextInterruptionPs) {
      timePs = interrupted(timePs);
    }
    if (simulation.tryAdvance(timePs)) {
      return true;
    }
    resumeAt(timePs);
    return false;
  }

  /** Has the next {@link #advance} take {@code ps} longer. */
  @HotPath
  final void owe(long ps) {
    owedPs += ps;
  }

  /**
   * A step that would end at {@code endPs} goes beyond {@link #nextInterruptionPs}.
   *
   * @return when it ends with the interruptions
   */
  protected long interrupted(long endPs) {
    return endPs;
  }

  /** Resumes the top path at {@code timePs}; the path returns {@link KernelPath#WAIT} now. */
  @HotPath
  public final void resumeAt(long timePs) {
    waitingFor = "time";
    waitsForTime = true;
    simulation.schedule(
        id, id, Simulation.PRIORITY_NORMAL, timePs, payload(TAG_RESUME, ++waitToken));
  }

  /**
   * Begins a wait that another actor ends by {@link #wake}; the path returns {@link KernelPath#WAIT}.
   *
   * @param reason what is waited for, a constant string for dumps
   * @return the wait's token
   */
  @HotPath
  public final long beginWait(String reason) {
    waitingFor = reason;
    waitsForTime = false;
    return ++waitToken;
  }

  /** True when the present wait is for time to pass, not for another actor. */
  protected final boolean waitsForTime() {
    return waitsForTime;
  }

  final String waitingFor() {
    return waitingFor;
  }

  public final long waitToken() {
    return waitToken;
  }

  /** Ends the present wait at {@code timePs}; {@code waker} is the actor that acts now. */
  @HotPath
  public final void wake(int waker, long timePs) {
    wake(waker, timePs, waitToken);
  }

  /** Ends the wait with {@code token} at {@code timePs}, if it has not ended before. */
  @HotPath
  public final void wake(int waker, long timePs, long token) {
    simulation.schedule(waker, id, Simulation.PRIORITY_NORMAL, timePs, payload(TAG_RESUME, token));
  }

  /** True for a resume event of the present wait; each wait is ended once. */
  @HotPath
  protected final boolean isCurrent(long payload) {
    if (tagOf(payload) != TAG_RESUME || valueOf(payload) != waitToken) {
      return false;
    }
    waitToken++;
    waitingFor = "";
    return true;
  }

  /** True for the event that ends the present wait. */
  protected final boolean endsWait(long payload) {
    return tagOf(payload) == TAG_RESUME && valueOf(payload) == waitToken;
  }

  @Override
  public void describe(StringBuilder out) {
    out.append(waitingFor.isEmpty() ? "running" : "waiting for " + waitingFor);
    if (!stack.isEmpty()) {
      out.append(" in ").append(stack.describe());
    }
  }

  @Override
  public boolean isQuiescent() {
    return stack.isEmpty();
  }
}
