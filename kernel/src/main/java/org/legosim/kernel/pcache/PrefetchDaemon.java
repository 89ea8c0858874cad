package org.legosim.kernel.pcache;

import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Spin;

/**
 * One prefetching kernel thread: pinned to a CPU of its own, it polls the queue and starts a run of
 * {@link PrefetchPath} at the first poll that finds work. RPCs are synchronous, so it has one page on
 * its way at a time.
 */
final class PrefetchDaemon {
  private final Pcache pcache;
  private final PinnedThread thread;
  private final PrefetchPath path;
  private long idleSincePs;
  private boolean isIdle = true;

  PrefetchDaemon(Pcache pcache, Prefetcher prefetcher, PinnedThread thread) {
    this.pcache = pcache;
    this.thread = thread;
    this.path = PcachePaths.prefetchPath(pcache, thread, prefetcher);
    thread.onWork(path, this::becameIdle);
  }

  boolean isFetching(int space, long address) {
    return path.isFetching(space, address);
  }

  /** True when the thread was idle and now runs. */
  boolean startIfIdle(ExecutionContext by) {
    if (!isIdle) {
      return false;
    }
    isIdle = false;
    long noticePs = Spin.noticePs(idleSincePs, by.nowPs(), pcache.charges.prefetchPoll.ps());
    thread.wake(by.id(), noticePs);
    return true;
  }

  private void becameIdle() {
    isIdle = true;
    idleSincePs = thread.nowPs();
  }
}
