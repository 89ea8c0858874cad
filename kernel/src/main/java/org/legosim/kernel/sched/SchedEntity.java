package org.legosim.kernel.sched;

/** What the scheduler knows of a task: its policy, and what its class keeps of it. Times are nanoseconds. */
public final class SchedEntity {
  private final int task;
  private Policy policy;
  private int nice;
  private int priority;
  private CpuMask allowed;
  private long weight = Weights.NICE_0;
  private long inverseWeight = Weights.inverseOf(Policy.NORMAL, 0);

  /** Waits for a CPU or has one. */
  boolean isQueued;

  /** Relative to its queue's minimum while the task is between two queues. */
  long vruntimeNs;

  long execStartNs;
  long sumExecNs;
  /** {@link #sumExecNs} when it was given the CPU last. */
  long sumExecBeforeNs;

  int sliceTicks;
  /** On its way to a CPU, and counted there. */
  boolean isComing;

  /** Counted as a fair task. */
  boolean comesFair;

  /**
   * A task of the policy NORMAL and nice 0.
   *
   * @param task number of the task, for whoever queued it
   */
  public SchedEntity(int task, CpuMask allowed) {
    this(task, allowed, Policy.NORMAL);
  }

  SchedEntity(int task, CpuMask allowed, Policy policy) {
    this.task = task;
    this.allowed = allowed;
    this.policy = policy;
  }

  /** Number of the task. */
  public int task() {
    return task;
  }

  public Policy policy() {
    return policy;
  }

  /** From -20, which gets most, to 19. */
  public int nice() {
    return nice;
  }

  /** Real-time priority, 1 to 99, the highest first; 0 for a fair task. */
  public int priority() {
    return priority;
  }

  /** CPUs that the task may run on. */
  public CpuMask allowed() {
    return allowed;
  }

  public void setAllowed(CpuMask mask) {
    allowed = mask;
  }

  /** True while the task waits for a CPU or has one. */
  public boolean isQueued() {
    return isQueued;
  }

  /** CPU time used so far. */
  public long sumExecNs() {
    return sumExecNs;
  }

  /** A new task's policy and affinity are its parent's. */
  public void inherit(SchedEntity parent) {
    allowed = parent.allowed;
    set(parent.policy, parent.nice, parent.priority);
  }

  void set(Policy newPolicy, int newNice, int newPriority) {
    policy = newPolicy;
    nice = newNice;
    priority = newPriority;
    weight = Weights.of(newPolicy, newNice);
    inverseWeight = Weights.inverseOf(newPolicy, newNice);
  }

  long weight() {
    return weight;
  }

  long inverseWeight() {
    return inverseWeight;
  }

  /** {@code deltaNs} of CPU time as virtual time: less for a heavier task. */
  long virtual(long deltaNs) {
    return weight == Weights.NICE_0
        ? deltaNs
        : Weights.scale(deltaNs, Weights.NICE_0, inverseWeight);
  }

  /** True when this one's virtual time is behind the other's, which may have wrapped. */
  boolean isBefore(SchedEntity other) {
    return vruntimeNs - other.vruntimeNs < 0;
  }

  @Override
  public String toString() {
    return "task " + task + " " + policy + " nice " + nice + " vruntime " + vruntimeNs;
  }
}
