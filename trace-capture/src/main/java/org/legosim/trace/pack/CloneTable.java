package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.trace.format.ThreadBlocks;

/** Which call made which thread. */
final class CloneTable {
  private record Entry(int thread, long record) {}

  private final List<ThreadBlocks> threads;
  private final @Nullable CloneCall[] creators;
  private final Map<Entry, CloneCall> byEntry = new HashMap<>();
  private final LongSet threadIds = new LongSet();
  private final List<CloneCall> unreturned = new ArrayList<>();

  CloneTable(List<ThreadBlocks> threads, List<CloneCall> calls) {
    this.threads = threads;
    this.creators = new CloneCall[threads.size()];
    Map<Integer, List<Integer>> byTid = new HashMap<>();
    for (int t = 0; t < threads.size(); t++) {
      byTid.computeIfAbsent(threads.get(t).tid(), tid -> new ArrayList<>()).add(t);
      threadIds.add(key(threads.get(t).pid(), threads.get(t).tid()));
    }
    for (CloneCall call : calls) {
      if (call.child() == CloneCall.NOT_BACK) {
        unreturned.add(call);
        continue;
      }
      byEntry.put(new Entry(call.thread(), call.enterRecord()), call);
      for (int child : byTid.getOrDefault(call.child(), List.of())) {
        offer(child, call);
      }
    }
  }

  /**
   * Calls that did not return before the trace's end: each is given a thread without a maker that it can have made.
   *
   * @param parentOf pid of a process to pid of its parent
   */
  void assign(Map<Integer, Integer> parentOf) {
    for (CloneCall call : unreturned) {
      int caller = threads.get(call.thread()).pid();
      for (int t = 0; t < creators.length; t++) {
        ThreadBlocks thread = threads.get(t);
        boolean isLeader = thread.pid() == thread.tid();
        boolean isRelated =
            isLeader ? parentOf.getOrDefault(thread.pid(), 0) == caller : thread.pid() == caller;
        if (creators[t] == null && isRelated && call.enterSequence() < thread.firstSequence()) {
          CloneCall made = new CloneCall(
              call.thread(),
              call.enterRecord(),
              call.enterSequence(),
              thread.tid(),
              call.flags(),
              call.clearAddress());
          creators[t] = made;
          byEntry.put(new Entry(call.thread(), call.enterRecord()), made);
          break;
        }
      }
    }
  }

  /** The call that a record entered, when it made a thread or process that it returned. */
  @Nullable
  CloneCall enteredBy(int thread, long record) {
    return byEntry.get(new Entry(thread, record));
  }

  /** The call that made a thread. */
  @Nullable
  CloneCall creatorOf(int thread) {
    return creators[thread];
  }

  /** Whether the child belongs to the caller's process. */
  boolean makesThread(CloneCall call) {
    int pid = threads.get(call.thread()).pid();
    return (call.flags() & LinuxCalls.CLONE_THREAD) != 0
        || threadIds.contains(key(pid, call.child()));
  }

  /** A tid may be used again: the latest call before the child's first entry made it. */
  private void offer(int child, CloneCall call) {
    ThreadBlocks blocks = threads.get(child);
    boolean isInProcess = blocks.pid() == threads.get(call.thread()).pid();
    boolean isLeader = blocks.pid() == blocks.tid();
    CloneCall best = creators[child];
    boolean isLater = best == null || best.enterSequence() < call.enterSequence();
    if (call.thread() != child
        && (isInProcess || isLeader)
        && call.enterSequence() < blocks.firstSequence()
        && isLater) {
      creators[child] = call;
    }
  }

  private static long key(int pid, int tid) {
    return (long) pid << Integer.SIZE | tid;
  }
}
