package org.legosim.kernel.processor;

import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ThreadClock;
import org.legosim.timing.results.TimeCategory;

/** Gives the time of a finished request to the categories of its stages. */
final class RequestStamps {
  private RequestStamps() {}

  static void stamp(ThreadClock clock, Request request, long nowPs) {
    clock.part(TimeCategory.NETWORK_QUEUE, request.networkQueuePs, nowPs);
    clock.part(TimeCategory.MEMORY_QUEUE, request.memoryQueuePs, nowPs);
    clock.part(TimeCategory.MEMORY_SERVICE, request.memoryServicePs, nowPs);
    clock.part(TimeCategory.STORAGE, request.storagePs, nowPs);
    clock.stamp(TimeCategory.WIRE, nowPs);
  }
}
