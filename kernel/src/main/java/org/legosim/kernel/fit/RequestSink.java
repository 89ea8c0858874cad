package org.legosim.kernel.fit;

/** Takes the requests that reach a node: a memory node's thread pool. */
public interface RequestSink {
  /**
   * Takes a request that the polling thread has just decoded, or refuses it for lack of a buffer and
   * later calls {@link PollThread#bufferFreed}.
   */
  boolean offer(Rpc rpc, PollThread pollThread);
}
