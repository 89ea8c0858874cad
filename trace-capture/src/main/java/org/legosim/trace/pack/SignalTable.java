package org.legosim.trace.pack;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which record sent a signal that is delivered later: the last one that can have. A child's end sends
 * SIGCHLD to its parent.
 */
final class SignalTable {
  static final int SIGCHLD = 17;

  private static final int ANY_THREAD = 0;
  private static final int LAST_SIGNAL = 64;
  private static final int SIGCONT = 18;
  private static final int SIGURG = 23;
  private static final int SIGWINCH = 28;

  /** A record that sent a signal. */
  record Sent(int thread, long record, long sequence) {}

  private record Target(int pid, int tid, int number) {}

  private final Map<Target, Sent> last = new HashMap<>();
  private final Map<Integer, Sent> lastDeadly = new HashMap<>();
  private final Map<Integer, Long> interruptedAt = new HashMap<>();
  private final Map<Integer, Long> interruptedSequence = new HashMap<>();

  /** A call of kill's family is entered. */
  void enter(long number, long[] arguments, int callerPid, Sent here) {
    switch ((int) number) {
      case LinuxCalls.KILL, LinuxCalls.RT_SIGQUEUEINFO ->
        send((int) arguments[0], ANY_THREAD, arguments[1], here);
      // a bare thread id is looked for in the caller's process
      case LinuxCalls.TKILL -> send(callerPid, (int) arguments[0], arguments[1], here);
      case LinuxCalls.TGKILL, LinuxCalls.RT_TGSIGQUEUEINFO ->
        send((int) arguments[0], (int) arguments[1], arguments[2], here);
      default -> {}
    }
  }

  private void send(int pid, int tid, long number, Sent here) {
    if (pid > 0 && number >= 1 && number <= LAST_SIGNAL) {
      sendTo(pid, tid, (int) number, here);
    }
  }

  /** The last thread of a child has ended. */
  void childEnds(int parent, Sent here) {
    sendTo(parent, ANY_THREAD, SIGCHLD, here);
  }

  private void sendTo(int pid, int tid, int number, Sent here) {
    last.put(new Target(pid, tid, number), here);
    boolean isHarmless =
        number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH;
    if (!isHarmless) {
      lastDeadly.put(pid, here);
    }
  }

  /** exit_group is entered: it kills the other threads. */
  void groupEnds(int pid, Sent here) {
    lastDeadly.put(pid, here);
  }

  /** Who sent a signal that a thread takes now; null when nobody in the trace did. */
  @Nullable
  Sent sender(int pid, int tid, int number) {
    Sent own = last.get(new Target(pid, tid, number));
    Sent shared = last.get(new Target(pid, ANY_THREAD, number));
    if (own == null || (shared != null && shared.sequence() > own.sequence())) {
      return shared;
    }
    return own;
  }

  /** What can have ended a process that did not end itself, the last of it; null when the trace lacks it. */
  @Nullable
  Sent killer(int pid) {
    return lastDeadly.get(pid);
  }

  /** A thread's call returns because of a signal. */
  void interrupted(int thread, Stamp stamp) {
    interruptedAt.put(thread, stamp.record);
    interruptedSequence.put(thread, stamp.sequence);
  }

  /** The record that waits for the sender: the return that the signal caused, or the handler's beginning. */
  long waitingRecord(int thread, long record, Sent sender) {
    boolean isReturn = interruptedAt.getOrDefault(thread, -1L) == record - 1
        && sender.sequence() < interruptedSequence.getOrDefault(thread, 0L);
    return isReturn ? record - 1 : record;
  }
}
