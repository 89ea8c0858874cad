package org.legosim.kernel.signal;

/** Signals of one process: its actions, what is pending for whichever thread takes it, its timer. */
public final class GroupSignals {
  final SignalActions actions = new SignalActions();
  final PendingSignals pending = new PendingSignals();
  private final RealTimer timer = new RealTimer();
  private final CpuTimer virtualTimer = new CpuTimer();
  private final CpuTimer profilingTimer = new CpuTimer();

  public SignalActions actions() {
    return actions;
  }

  /** Signals that are pending for the process. */
  public PendingSignals pending() {
    return pending;
  }

  public RealTimer timer() {
    return timer;
  }

  /** ITIMER_VIRTUAL. */
  public CpuTimer virtualTimer() {
    return virtualTimer;
  }

  /** ITIMER_PROF. */
  public CpuTimer profilingTimer() {
    return profilingTimer;
  }

  /** True while a timer runs down by ticks that find the process running. */
  public boolean countsTicks() {
    return virtualTimer.isOn() || profilingTimer.isOn();
  }

  /** A tick finds a thread of the process on a CPU, in its program or in the kernel. */
  public void charge(boolean inUser, long tickPs) {
    if (inUser && virtualTimer.charge(tickPs)) {
      pending.add(Signals.VTALRM);
    }
    if (profilingTimer.charge(tickPs)) {
      pending.add(Signals.PROF);
    }
  }

  /** Sends the SIGALRMs of a timer that expired up to {@code nowPs}. */
  public void tick(long nowPs) {
    for (long left = timer.expired(nowPs); left > 0; left--) {
      if (pending.count(Signals.ALRM) > 0) {
        // a timer whose signal is still pending sends no other one
        return;
      }
      pending.add(Signals.ALRM);
    }
  }

  /** True when children that end leave nothing to wait for. */
  public boolean reapsChildren() {
    return actions.reapsChildren();
  }

  /** fork: the child has the parent's actions, nothing pending and no timers. */
  public void fork(GroupSignals parent) {
    actions.copyFrom(parent.actions);
  }

  /** exec: handlers are gone; pending signals and the timers stay. */
  public void exec() {
    actions.exec();
  }
}
