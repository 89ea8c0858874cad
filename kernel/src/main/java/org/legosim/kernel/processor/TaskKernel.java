package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.files.Descriptors;
import org.legosim.kernel.files.MadeFiles;
import org.legosim.kernel.futex.FutexWaiter;
import org.legosim.kernel.sched.Policy;
import org.legosim.kernel.signal.SignalFrame;
import org.legosim.kernel.signal.ThreadSignals;

/** What the kernel keeps of a task besides its records: its futex wait, its end, the present call. */
final class TaskKernel {
  final FutexWaiter waiter;
  final SyscallTable syscalls = new SyscallTable();
  final ThreadSignals signals = new ThreadSignals();

  /** Frames of signals that have arrived, still to be written. */
  final List<SignalFrame> owedFrames = new ArrayList<>();

  /** The frame that an rt_sigreturn in progress reads. */
  @Nullable
  SignalFrame returning;

  /** SIGKILL has reached it: it dies when it returns to the user. */
  boolean isKilled;

  /** Its table of descriptors; null before its first use, and after its end. */
  @Nullable
  Descriptors descriptors;

  /** Bytes that the read in progress gets of a file that the kernel makes up, or {@link MadeFiles#UNKNOWN}. */
  long madeBytes = MadeFiles.UNKNOWN;

  /** Bytes of a write to a pipe for which there was no room yet, or -1. */
  long pipeBytesLeft = -1;

  /** The kernel's work at the thread's end is done: it can run no more. */
  boolean isGone;

  /** Its record of the end has been replayed. */
  boolean hasEndRecord;

  /** Word that the end of the thread clears and wakes, or 0. */
  long clearTidAddress;

  /** Head of the list of robust futexes, or 0. */
  long robustHead;

  /** The simulated kernel's own result of the call in progress is known: {@link #simulated}. */
  boolean isSimulated;

  long simulated;

  /** Relative timeout of the call in progress, or {@link TimerWheel#UNKNOWN}. */
  long timeoutPs = TimerWheel.UNKNOWN;

  /** First string of the call in progress, or empty; untrusted. */
  String text = "";

  /** The scheduler has done what the call in progress asks for. */
  boolean isScheduled;

  /** What some task asked the scheduler to make of this one. */
  Policy policy = Policy.NORMAL;

  int nice;
  int priority;

  /** Tasks that wait until this one has left its CPU. */
  final List<Task> movedBy = new ArrayList<>(0);

  /** The call in progress has slept for its time. */
  boolean hasSlept;

  /** Strings of the call in progress. */
  String[] callStrings = {};

  TaskKernel(int index) {
    this.waiter = new FutexWaiter(index);
  }

  void beginCall(String[] strings) {
    isSimulated = false;
    hasSlept = false;
    pipeBytesLeft = -1;
    madeBytes = MadeFiles.UNKNOWN;
    isScheduled = false;
    text = strings.length == 0 ? "" : strings[0];
    timeoutPs = strings.length == 0 ? TimerWheel.UNKNOWN : TimerWheel.parsePs(text);
    callStrings = strings;
  }

  void simulate(long result) {
    isSimulated = true;
    simulated = result;
  }
}
