package org.legosim.kernel.pcache;

import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Spin;

/**
 * The victim cache's flush thread: pinned, it polls the queue and starts a run of {@link
 * VictimFlushPath} at the first poll that finds work. One thread, so one flush is on its way at a
 * time.
 */
public final class VictimFlushDaemon {
  private final Pcache pcache;
  private final PinnedThread thread;
  private long idleSincePs;
  private boolean isIdle = true;

  /** Lets {@code thread} flush the victim cache from now on. */
  public static void start(Pcache pcache, PinnedThread thread) {
    VictimFlushDaemon daemon = new VictimFlushDaemon(pcache, thread);
    pcache.victims.onFlushQueued(daemon::flushQueued);
  }

  VictimFlushDaemon(Pcache pcache, PinnedThread thread) {
    this.pcache = pcache;
    this.thread = thread;
    thread.onWork(
        new VictimFlushPath(pcache, thread, new FlushPath(pcache, thread)), this::becameIdle);
  }

  private void flushQueued(ExecutionContext by) {
    if (isIdle) {
      isIdle = false;
      long noticePs = Spin.noticePs(idleSincePs, by.nowPs(), pcache.charges.victimPoll.ps());
      thread.wake(by.id(), noticePs);
    }
  }

  private void becameIdle() {
    isIdle = true;
    idleSincePs = thread.nowPs();
  }
}
