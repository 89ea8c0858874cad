package org.legosim.kernel.memory;

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

  MemoryProfile(Profile profile, String node) {
    handler = profile.counter(node, ProfilePoint.THPOOL_WORKER_HANDLER);
    reply = profile.counter(node, ProfilePoint.THPOOL_WORKER_FIT_ACK_REPLY);
    miss = profile.counter(node, ProfilePoint.HANDLE_MISS);
    flush = profile.counter(node, ProfilePoint.HANDLE_FLUSH);
    findVma = profile.counter(node, ProfilePoint.PCACHE_MISS_FIND_VMA);
    anonymous = profile.counter(node, ProfilePoint.ANON_FAULT);
    file = profile.counter(node, ProfilePoint.FILE_FAULT);
    writeProtect = profile.counter(node, ProfilePoint.WP_FAULT);
  }
}
