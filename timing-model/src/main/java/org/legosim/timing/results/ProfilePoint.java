package org.legosim.timing.results;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The real kernel's profile points in the order in which they nest. A point's parent is the one inside
 * which it is usually met; other callers count too, so parts need not be less than the whole.
 */
public enum ProfilePoint {
  PCACHE_HANDLE_FAULT(null),
  PCACHE_ALLOC(PCACHE_HANDLE_FAULT),
  PCACHE_ALLOC_FASTPATH(PCACHE_ALLOC),
  PCACHE_ALLOC_EVICT(PCACHE_ALLOC),
  PCACHE_ALLOC_EVICT_DO_FIND(PCACHE_ALLOC_EVICT),
  PCACHE_ALLOC_EVICT_DO_EVICT(PCACHE_ALLOC_EVICT),
  EVICT_LINE_PERSET_UNMAP(PCACHE_ALLOC_EVICT_DO_EVICT),
  EVICT_LINE_PERSET_FLUSH(PCACHE_ALLOC_EVICT_DO_EVICT),
  EVICT_LINE_VICTIM_PREPARE(PCACHE_ALLOC_EVICT_DO_EVICT),
  EVICT_LINE_VICTIM_UNMAP(PCACHE_ALLOC_EVICT_DO_EVICT),
  EVICT_LINE_VICTIM_FINISH(PCACHE_ALLOC_EVICT_DO_EVICT),
  PCACHE_FILL_REMOTE_NET(PCACHE_HANDLE_FAULT, "__"),
  PCACHE_FILL_REMOTE_PIGGYBACK_NET(PCACHE_HANDLE_FAULT, "__"),
  PCACHE_FILL_ZEROFILL(PCACHE_HANDLE_FAULT, "__"),
  PCACHE_FLUSH_NET(null),
  EVICT_LRU_SWEEP(null),
  EVICT_LRU_SWEEP_SET(EVICT_LRU_SWEEP),
  FLUSH_TLB_OTHERS(null),
  IBAPI_SEND_REPLY(null),
  IBAPI_SEND(null),
  FIT_POST_RECV(null),
  DO_KMALLOC_NODE(null, "__"),
  THPOOL_WORKER_HANDLER(null),
  HANDLE_MISS(THPOOL_WORKER_HANDLER),
  PCACHE_MISS_FIND_VMA(HANDLE_MISS),
  ANON_FAULT(HANDLE_MISS),
  FILE_FAULT(HANDLE_MISS),
  WP_FAULT(HANDLE_MISS),
  HANDLE_FLUSH(THPOOL_WORKER_HANDLER),
  THPOOL_WORKER_FIT_ACK_REPLY(null);

  private final @Nullable ProfilePoint parent;
  private final String kernelName;

  ProfilePoint(@Nullable ProfilePoint parent) {
    this(parent, "");
  }

  ProfilePoint(@Nullable ProfilePoint parent, String prefix) {
    this.parent = parent;
    this.kernelName = prefix + name().toLowerCase(Locale.ROOT);
  }

  /** The point around it, or null. */
  public @Nullable ProfilePoint parent() {
    return parent;
  }

  /** Its name in the kernel. */
  public String kernelName() {
    return kernelName;
  }

  /** How many points are around it. */
  public int depth() {
    int depth = 0;
    for (ProfilePoint outer = parent; outer != null; outer = outer.parent) {
      depth++;
    }
    return depth;
  }
}
