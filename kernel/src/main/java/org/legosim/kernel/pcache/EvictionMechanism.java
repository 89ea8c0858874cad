package org.legosim.kernel.pcache;

/** What happens to a line between its choice and its reuse; the values of {@code pcache.eviction}. */
public enum EvictionMechanism {
  /** Write-protect, flush synchronously, then unmap: two TLB shootdowns and an RPC. */
  WRITE_PROTECT,
  /** Unmap; faults on the page wait on a list of the set until it is flushed or piggybacked. */
  PER_SET_LIST,
  /** Unmap and copy to a small fully associative cache, from where a thread flushes. */
  VICTIM_CACHE
}
