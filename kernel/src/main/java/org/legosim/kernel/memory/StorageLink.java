package org.legosim.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.fit.Rpc;
import org.legosim.timing.ModelException;

/**
 * A memory node's connection to its storage node.
 *
 * @param number of the storage node in the RPC layer
 * @param files the thread that waits for it; null when the workers wait themselves
 * @param pages what is kept of files here; null without a page cache
 * @param replicas what is kept here of other memory nodes' lines; null without replication
 */
record StorageLink(
    int number,
    @Nullable Worker files,
    @Nullable FilePages pages,
    @Nullable ReplicaLogs replicas) {
  void start() {
    if (files != null) {
      files.start();
    }
  }

  /** A request that a worker does not wait for storage with. */
  void handOver(Rpc rpc, int buffer, Worker by) {
    if (files == null) {
      throw new ModelException(by.name() + " has nobody who waits for storage");
    }
    files.add(rpc, buffer, by);
  }
}
