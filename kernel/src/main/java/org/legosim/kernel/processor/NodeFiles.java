package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.files.Descriptors;
import org.legosim.kernel.files.FileKind;
import org.legosim.kernel.files.LocalFiles;
import org.legosim.kernel.files.MadeFiles;
import org.legosim.kernel.files.OpenFile;
import org.legosim.kernel.files.Pipe;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.trace.EventKind;

/**
 * The descriptor tables of a node's tasks: who has which, what calls do to them, and who sleeps at a pipe.
 *
 * <p>Source: LegoOS {@code managers/processor/fs}, {@code kernel/fork.c}.
 */
final class NodeFiles {
  private static final long CLONE_FILES = 0x400;
  private static final long O_CLOEXEC = 0x80000;
  private static final int F_DUPFD = 0;
  private static final int F_SETFD = 2;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private final ProcessorNode node;
  private final String onlineCpus;
  private final FileCheck check;
  private final KernelLock console = new KernelLock("console");

  NodeFiles(ProcessorNode node, String onlineCpus) {
    this.node = node;
    this.onlineCpus = onlineCpus;
    this.check = new FileCheck(node, onlineCpus);
  }

  /** Bytes of a file that the kernel makes up, or {@link MadeFiles#UNKNOWN}. */
  long madeBytes(OpenFile file) {
    return MadeFiles.bytes(file.path(), onlineCpus);
  }

  /** Held by the one CPU that prints on the console. */
  KernelLock console() {
    return console;
  }

  /** The task's table; that of its process when no call made the task. */
  private static Descriptors of(Task task) {
    Descriptors own = task.kernel.descriptors;
    if (own == null) {
      Descriptors ofProcess = task.process.files();
      if (ofProcess == null) {
        ofProcess = Descriptors.initial();
        task.process.setFiles(ofProcess);
      }
      own = ofProcess.share();
      task.kernel.descriptors = own;
    }
    return own;
  }

  /** What a descriptor of the task stands for; null for one that this kernel does not know. */
  static @Nullable OpenFile at(Task task, long descriptor) {
    return of(task).at(descriptor);
  }

  private static @Nullable FileKind kind(Task task, long descriptor) {
    OpenFile file = at(task, descriptor);
    return file == null ? null : file.kind();
  }

  /** A clone is entered: the child shares its parent's table or gets a copy. */
  static void cloned(Task parent, Task child) {
    boolean shares = parent.call == SyscallNumbers.CLONE
        ? (parent.callArguments[0] & CLONE_FILES) != 0
        : parent.process == child.process;
    Descriptors table = shares ? of(parent).share() : of(parent).copy();
    child.kernel.descriptors = table;
    if (child.process.files() == null) {
      child.process.setFiles(table.share());
    }
  }

  /** A program image begins. */
  void exec(Task task, Cpu cpu) {
    Descriptors old = of(task);
    List<OpenFile> closed = new ArrayList<>(releaseOfProcess(task));
    Descriptors own = old.exec(closed);
    task.kernel.descriptors = own;
    task.process.setFiles(own.share());
    closed.forEach(file -> ended(file, cpu));
  }

  /** The task is gone. */
  void ended(Task task, Cpu cpu) {
    Descriptors table = task.kernel.descriptors;
    if (table != null) {
      task.kernel.descriptors = null;
      table.release().forEach(file -> ended(file, cpu));
    }
    if (!task.process.hasThreads()) {
      releaseOfProcess(task).forEach(file -> ended(file, cpu));
    }
  }

  /** A process has a hold on its table of its own, for threads that no call of the trace made. */
  private static List<OpenFile> releaseOfProcess(Task task) {
    Descriptors table = task.process.files();
    task.process.setFiles(null);
    return table == null ? List.of() : table.release();
  }

  private void ended(@Nullable OpenFile file, Cpu cpu) {
    if (file != null && file.kind() == FileKind.PIPE_READ) {
      wakeWriters(file.pipe(), cpu);
    }
  }

  /** Bytes have left a pipe, or its last reader has. */
  void wakeWriters(Pipe pipe, Cpu cpu) {
    if (pipe.wakesWriters()) {
      for (int index : pipe.takeSleepers()) {
        node.wakeUp(node.task(index), cpu);
      }
    }
  }

  /** True when the task's next record is a return from a pipe that has no room: it sleeps then. */
  static boolean sleepsAtPipe(Task task) {
    TaskKernel kernel = task.kernel;
    if (task.batch.eventKind != EventKind.SYSCALL_RETURN
        || task.call != SyscallNumbers.WRITE
        || task.batch.eventResult <= 0
        || kind(task, task.callArguments[0]) != FileKind.PIPE_WRITE) {
      return false;
    }
    OpenFile file = at(task, task.callArguments[0]);
    if (file == null) {
      return false;
    }
    Pipe pipe = file.pipe();
    if (kernel.pipeBytesLeft < 0) {
      kernel.pipeBytesLeft = task.batch.eventResult;
    }
    kernel.pipeBytesLeft -= pipe.write(kernel.pipeBytesLeft);
    if (kernel.pipeBytesLeft == 0 || !pipe.hasReaders()) {
      return false;
    }
    pipe.sleep(task.index);
    return true;
  }

  /** True for an open that asks no other node. */
  static boolean opensLocally(Task task) {
    return SyscallNumbers.opensFile(task.call) && LocalFiles.isLocal(task.kernel.text);
  }

  /** What a mapping of the call's file is known by at the memory node. */
  static String mappedName(Task task, ProcessorNode node) {
    long descriptor = task.callArguments[4];
    OpenFile file = node.storage().isPresent() ? at(task, descriptor) : null;
    // Without a path files of one process differ by descriptor: enough to keep them apart.
    return file == null || file.kind() != FileKind.REMOTE
        ? "descriptor " + descriptor
        : file.path();
  }

  /** True when the returning call moves data of a file of the storage node. */
  static boolean isRemoteTransfer(Task task) {
    return FileCalls.transfers(task.call) && kind(task, task.callArguments[0]) == FileKind.REMOTE;
  }

  /** Compares what the call answers with what the kernel would have, and follows what it does to the tables. */
  void returned(Task task, Cpu cpu) {
    long result = task.batch.eventResult;
    if (result < 0) {
      return;
    }
    long[] arguments = task.callArguments;
    Descriptors table = of(task);
    if (node.isRemote()) {
      check.returned(task, table);
    }
    switch (task.call) {
      case SyscallNumbers.OPEN ->
        put(task, table, result, LocalFiles.open(task.kernel.text), arguments[1], cpu);
      case SyscallNumbers.OPENAT ->
        put(task, table, result, LocalFiles.open(task.kernel.text), arguments[2], cpu);
      case SyscallNumbers.CREAT ->
        put(task, table, result, LocalFiles.open(task.kernel.text), 0, cpu);
      case SyscallNumbers.CLOSE -> ended(table.close(arguments[0]), cpu);
      case SyscallNumbers.DUP -> duplicate(task, table, result, 0, cpu);
      case SyscallNumbers.DUP2 -> {
        if (arguments[0] != arguments[1]) {
          duplicate(task, table, result, 0, cpu);
        }
      }
      case SyscallNumbers.DUP3 -> duplicate(task, table, result, arguments[2], cpu);
      case SyscallNumbers.FCNTL -> control(task, table, result, cpu);
      case SyscallNumbers.PIPE -> pipe(task, table, 0, cpu);
      case SyscallNumbers.PIPE2 -> pipe(task, table, arguments[1], cpu);
      case SyscallNumbers.SOCKETPAIR -> pair(task, table, arguments[1], cpu);
      case SyscallNumbers.SOCKET, SyscallNumbers.EVENTFD2 ->
        put(task, table, result, local("socket"), arguments[1], cpu);
      case SyscallNumbers.ACCEPT4 -> put(task, table, result, local("socket"), arguments[3], cpu);
      case SyscallNumbers.EPOLL_CREATE1 ->
        put(task, table, result, local("epoll"), arguments[0], cpu);
      case SyscallNumbers.EPOLL_CREATE, SyscallNumbers.ACCEPT, SyscallNumbers.EVENTFD ->
        put(task, table, result, local("socket"), 0, cpu);
      case SyscallNumbers.LSEEK -> {
        OpenFile file = table.at(arguments[0]);
        if (file != null) {
          file.setPosition(result);
        }
      }
      case SyscallNumbers.SPLICE,
          SyscallNumbers.TEE,
          SyscallNumbers.SENDFILE,
          SyscallNumbers.VMSPLICE,
          SyscallNumbers.READV -> bypass(table, cpu, arguments);
      default -> {
        // no other call makes or ends descriptors
      }
    }
  }

  private static OpenFile local(String name) {
    return OpenFile.of(FileKind.LOCAL, name);
  }

  private void put(
      Task task, Descriptors table, long descriptor, OpenFile file, long flags, Cpu cpu) {
    if (node.isRemote()) {
      check.appears(task, table, descriptor);
    }
    OpenFile before = table.at(descriptor);
    table.put(descriptor, file, (flags & O_CLOEXEC) != 0);
    ended(before, cpu);
  }

  private void duplicate(Task task, Descriptors table, long descriptor, long flags, Cpu cpu) {
    OpenFile file = table.at(task.callArguments[0]);
    if (file != null) {
      put(task, table, descriptor, file, flags, cpu);
    }
  }

  private void control(Task task, Descriptors table, long result, Cpu cpu) {
    long[] arguments = task.callArguments;
    switch ((int) arguments[1]) {
      case F_DUPFD -> duplicate(task, table, result, 0, cpu);
      case F_DUPFD_CLOEXEC -> duplicate(task, table, result, O_CLOEXEC, cpu);
      case F_SETFD -> table.setClosingOnExec(arguments[0], (arguments[2] & 1) != 0);
      default -> {
        // other commands change no table
      }
    }
  }

  /** The numbers of both ends are the strings of the return. */
  private void pipe(Task task, Descriptors table, long flags, Cpu cpu) {
    long[] numbers = numbers(task);
    if (numbers.length == 2) {
      OpenFile[] ends = Pipe.create();
      put(task, table, numbers[0], ends[0], flags, cpu);
      put(task, table, numbers[1], ends[1], flags, cpu);
      if (Math.max(numbers[0], numbers[1]) >= Descriptors.FOLLOWED) {
        ends[0].pipe().giveUp();
      }
    }
  }

  private void pair(Task task, Descriptors table, long flags, Cpu cpu) {
    for (long number : numbers(task)) {
      put(task, table, number, local("socket"), flags, cpu);
    }
  }

  private static long[] numbers(Task task) {
    String[] strings = task.batch.eventStrings;
    long[] numbers = new long[strings.length];
    for (int i = 0; i < strings.length; i++) {
      boolean isNumber = strings[i].length() < 10 && !strings[i].isEmpty();
      for (int at = 0; isNumber && at < strings[i].length(); at++) {
        isNumber = strings[i].charAt(at) >= '0' && strings[i].charAt(at) <= '9';
      }
      numbers[i] = isNumber ? Long.parseLong(strings[i]) : Long.MAX_VALUE;
    }
    return numbers;
  }

  /** How much goes through a pipe is not followed any more. */
  private void bypass(Descriptors table, Cpu cpu, long[] arguments) {
    for (int i = 0; i < 3; i++) {
      OpenFile file = table.at(arguments[i]);
      if (file != null && file.isPipe()) {
        file.pipe().giveUp();
        wakeWriters(file.pipe(), cpu);
      }
    }
  }
}
