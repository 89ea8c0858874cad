package org.legosim.kernel.memory;

import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.timing.engine.Profile;
import org.legosim.timing.results.ProfilePoint;

/** A memory node's profile points. */
final class MemoryProfile {
  final Profile.Counter handler;
  final Profile.Counter reply;
  final Profile.Counter miss;
  final Profile.Counter flush;
  final Profile.Counter findVma;
  final Profile.Counter anonymous;
  final Profile.Counter file;
  final Profile.Counter writeProtect;

  private final Profile profile;
  private final String node;

  MemoryProfile(Profile profile, String node) {
    this.profile = profile;
    this.node = node;
    handler = profile.counter(node, ProfilePoint.THPOOL_WORKER_HANDLER);
    reply = profile.counter(node, ProfilePoint.THPOOL_WORKER_FIT_ACK_REPLY);
    miss = profile.counter(node, ProfilePoint.HANDLE_MISS);
    flush = profile.counter(node, ProfilePoint.HANDLE_FLUSH);
    findVma = profile.counter(node, ProfilePoint.PCACHE_MISS_FIND_VMA);
    anonymous = profile.counter(node, ProfilePoint.ANON_FAULT);
    file = profile.counter(node, ProfilePoint.FILE_FAULT);
    writeProtect = profile.counter(node, ProfilePoint.WP_FAULT);
  }

  /** The node's kernel memory, whose allocations are a point too. */
  KernelHeap heap(AllocParams params, AllocDefects defects) {
    return new KernelHeap(node, params, defects, profile);
  }
}
