package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.futex.FutexBucket;
import org.legosim.kernel.futex.FutexCommand;
import org.legosim.kernel.futex.FutexTable;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.TraceImage;

/** What the kernel of a processor node keeps of futexes, lives and mappings, for all its CPUs. */
final class NodeKernel {
  private final FutexTable futexes = new FutexTable();
  private final Disagreements disagreements = new Disagreements();
  private final List<UserProcess> processes = new ArrayList<>();
  private final ProcessNumbers numbers;
  private long objects;

  /** @param pidMax as {@link ProcessorParams#pidMax()} */
  NodeKernel(int pidMax) {
    numbers = new ProcessNumbers(pidMax);
  }

  FutexTable futexes() {
    return futexes;
  }

  Disagreements disagreements() {
    return disagreements;
  }

  /** A number for a shared object that a call makes. */
  long newObject() {
    return ++objects;
  }

  /** The captured process id; the next free one when another application has taken it; 0 when forks give numbers. */
  int tgidFor(int capturedPid) {
    return numbers.atLoad(capturedPid, processes);
  }

  /** Gives a process that is about to begin its number, if it has none. */
  void number(UserProcess process) {
    if (process.tgid() == 0) {
      int number = numbers.next(processes);
      if (number == 0) {
        throw new InvariantViolation(
            "no process number is free for process " + process.image().pid()
                + " of the trace, where fork fails with EAGAIN; raise kernel.pidMax");
      }
      process.takeNumber(number);
    }
  }

  /** Position of a pid among a trace's processes. */
  static int processIndex(TraceImage trace, int pid) {
    for (int index = 0; index < trace.processes().size(); index++) {
      if (trace.processes().get(index).pid() == pid) {
        return index;
      }
    }
    throw new ModelException("the trace has a thread of process " + pid + " but no such process");
  }

  /** Remembers who is whose parent, among the processes of one trace loaded so far. */
  void add(UserProcess process, List<UserProcess> loaded) {
    processes.add(process);
    for (UserProcess other : loaded) {
      if (other != process && other.image().pid() == process.image().parentPid()) {
        process.life().setParent(other);
      }
    }
  }

  /** The child of a process with a captured pid; the latest one, should the pid have been used again. */
  @Nullable
  UserProcess childOf(UserProcess parent, long pid) {
    UserProcess found = null;
    for (UserProcess process : processes) {
      if (process.life().parent() == parent && process.image().pid() == pid) {
        found = process;
      }
    }
    return found;
  }

  /** A child in that state; its captured pid, or -1 for any. */
  @Nullable
  UserProcess childIn(UserProcess parent, long pid, ProcessLife.State state) {
    for (UserProcess process : processes) {
      if (process.life().parent() == parent
          && process.life().state() == state
          && (pid < 0 || process.image().pid() == pid)) {
        return process;
      }
    }
    return null;
  }

  /** The last thread of a process is gone: it waits to be reaped, its children go to init. */
  void ended(UserProcess ended) {
    UserProcess parent = ended.life().parent();
    boolean isAwaited = parent != null
        && parent.life().state() == ProcessLife.State.LIVING
        && !parent.life().signals().reapsChildren();
    ended.life().setState(isAwaited ? ProcessLife.State.ZOMBIE : ProcessLife.State.REAPED);
    for (UserProcess process : processes) {
      if (process.life().parent() == ended) {
        process.life().setParent(null);
        if (process.life().state() == ProcessLife.State.ZOMBIE) {
          process.life().setState(ProcessLife.State.REAPED);
        }
      }
    }
  }

  /** A program image begins in a process. */
  void image(UserProcess process, List<Mapping> mappings) {
    process.life().mappings().image(mappings, this);
  }

  /**
   * Owner part of a futex key: the address space of a private word, the object behind a shared one.
   *
   * @param operation second argument of the call
   */
  static long futexOwner(UserProcess process, long address, long operation) {
    long object = process.life().mappings().objectAt(address);
    boolean isShared = !FutexCommand.isPrivate(operation) && object != KnownMappings.PRIVATE;
    return isShared ? -object : process.memory().index();
  }

  /**
   * Address part of the key with that owner.
   *
   * @param captured address of the word in the trace, by which objects are known
   * @param address where the word lies in the simulated address space
   */
  static long futexAddress(UserProcess process, long captured, long address, long owner) {
    return owner < 0 ? process.life().mappings().offsetAt(captured) : address;
  }

  /** A task that will never run again leaves the queue that it waits in. */
  void forget(Task task) {
    FutexBucket bucket = task.kernel.waiter.bucket();
    if (bucket != null) {
      bucket.remove(task.kernel.waiter);
    }
  }
}
