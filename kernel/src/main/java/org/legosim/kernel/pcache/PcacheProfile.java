package org.legosim.kernel.pcache;

import org.legosim.timing.engine.Profile;
import org.legosim.timing.results.ProfilePoint;

/** The pcache's profile points on one processor node. */
final class PcacheProfile {
  final Profile.Counter handleFault;
  final Profile.Counter alloc;
  final Profile.Counter allocFastPath;
  final Profile.Counter evict;
  final Profile.Counter evictFind;
  final Profile.Counter evictLine;
  final Profile.Counter perSetUnmap;
  final Profile.Counter perSetFlush;
  final Profile.Counter victimPrepare;
  final Profile.Counter victimUnmap;
  final Profile.Counter victimFinish;
  final Profile.Counter fillRemote;
  final Profile.Counter fillPiggyback;
  final Profile.Counter fillZero;
  final Profile.Counter flush;
  final Profile.Counter sweep;
  final Profile.Counter sweepSet;

  PcacheProfile(Profile profile, String node) {
    handleFault = profile.counter(node, ProfilePoint.PCACHE_HANDLE_FAULT);
    alloc = profile.counter(node, ProfilePoint.PCACHE_ALLOC);
    allocFastPath = profile.counter(node, ProfilePoint.PCACHE_ALLOC_FASTPATH);
    evict = profile.counter(node, ProfilePoint.PCACHE_ALLOC_EVICT);
    evictFind = profile.counter(node, ProfilePoint.PCACHE_ALLOC_EVICT_DO_FIND);
    evictLine = profile.counter(node, ProfilePoint.PCACHE_ALLOC_EVICT_DO_EVICT);
    perSetUnmap = profile.counter(node, ProfilePoint.EVICT_LINE_PERSET_UNMAP);
    perSetFlush = profile.counter(node, ProfilePoint.EVICT_LINE_PERSET_FLUSH);
    victimPrepare = profile.counter(node, ProfilePoint.EVICT_LINE_VICTIM_PREPARE);
    victimUnmap = profile.counter(node, ProfilePoint.EVICT_LINE_VICTIM_UNMAP);
    victimFinish = profile.counter(node, ProfilePoint.EVICT_LINE_VICTIM_FINISH);
    fillRemote = profile.counter(node, ProfilePoint.PCACHE_FILL_REMOTE_NET);
    fillPiggyback = profile.counter(node, ProfilePoint.PCACHE_FILL_REMOTE_PIGGYBACK_NET);
    fillZero = profile.counter(node, ProfilePoint.PCACHE_FILL_ZEROFILL);
    flush = profile.counter(node, ProfilePoint.PCACHE_FLUSH_NET);
    sweep = profile.counter(node, ProfilePoint.EVICT_LRU_SWEEP);
    sweepSet = profile.counter(node, ProfilePoint.EVICT_LRU_SWEEP_SET);
  }
}
