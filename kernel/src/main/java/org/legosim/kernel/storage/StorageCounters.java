package org.legosim.kernel.storage;

/** What a file service counted. */
public final class StorageCounters {
  long reads;
  long writes;
  long syncs;
  long pathCalls;
  long replicaFlushes;
  long replicaVmas;
  long pageMisses;
  long readAheadPages;
  long writtenBack;

  StorageCounters() {}

  public long reads() {
    return reads;
  }

  public long writes() {
    return writes;
  }

  public long syncs() {
    return syncs;
  }

  /** Calls about a path: open, stat, mkdir and the like. */
  public long pathCalls() {
    return pathCalls;
  }

  /** Batches of lines that a second memory node kept. */
  public long replicaFlushes() {
    return replicaFlushes;
  }

  /** Changes of areas that a memory node kept. */
  public long replicaVmas() {
    return replicaVmas;
  }

  /** Pages of reads and writes that were not in memory. */
  public long pageMisses() {
    return pageMisses;
  }

  /** Pages that were fetched before anyone asked for them. */
  public long readAheadPages() {
    return readAheadPages;
  }

  /** Pages that went to the drive. */
  public long writtenBack() {
    return writtenBack;
  }
}
