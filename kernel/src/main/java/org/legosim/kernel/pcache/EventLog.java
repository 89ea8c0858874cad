package org.legosim.kernel.pcache;

/**
 * Receives every event of a pcache in order. The kinds are constants of this interface: {@code M P Z
 * V} pages filled, {@code E D} lines evicted, {@code F} flushes of their own, {@code v x} victim cache
 * entries, {@code C R} write faults, {@code K} pages shared by fork, {@code S T} pages moved, {@code U}
 * pages dropped. A prefetch's fill is an {@code M} or {@code P} of the prefetching thread's CPU, whose
 * number is above those of the machine's CPUs.
 */
public interface EventLog {
  /** Page filled by a plain miss. */
  char FILL_MISS = 'M';

  /** Page filled by a message that also carried a dirty line. */
  char FILL_PIGGYBACK = 'P';

  /** Page filled with zeros. */
  char FILL_ZERO = 'Z';

  /** Page filled from the victim cache. */
  char FILL_VICTIM = 'V';

  /** Line evicted clean; logged once it is unmapped, before the fill that needed its place. */
  char EVICT_CLEAN = 'E';

  /** Line evicted dirty. */
  char EVICT_DIRTY = 'D';

  /** Dirty page sent to its memory node by a message of its own. */
  char FLUSH = 'F';

  /** Victim cache entry taken; the way is the entry's index. */
  char VICTIM_TAKEN = 'v';

  /** Victim cache entry thrown out; the way is the entry's index. */
  char VICTIM_THROWN_OUT = 'x';

  /** Write fault that copied a shared line. */
  char WRITE_COPIED = 'C';

  /** Write fault that took over a line that nobody else maps. */
  char WRITE_REUSED = 'R';

  /** The child's mapping of a page was added by fork. */
  char FORK_SHARED = 'K';

  /** Page moved by mremap within its set; the address is the new one. */
  char MOVED_SAME_SET = 'S';

  /** Page moved by mremap to another set; address, set and way are the new ones. */
  char MOVED_OTHER_SET = 'T';

  /** Page dropped by munmap, shrink or exit. */
  char DROPPED = 'U';

  /** Ignores everything; {@link Pcache} does not even call it. */
  EventLog NONE = (timePs, cpu, kind, tgid, address, set, way) -> {};

  void event(long timePs, int cpu, char kind, int tgid, long address, int set, int way);
}
