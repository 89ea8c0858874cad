package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.files.FileKind;
import org.legosim.kernel.files.LocalFiles;
import org.legosim.kernel.files.OpenFile;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/**
 * What a returning call asks the storage node, when there is one: data of a file by way of the memory
 * node, in messages of what each side's buffer holds; calls about a path directly. Every message names
 * the file by its path. Calls of one CPU come one after the other, so one instance serves a CPU.
 *
 * <p>Source: LegoOS {@code managers/processor/fs}.
 */
final class StorageCalls {
  /** Largest write of one message: 16 pages. */
  static final long WRITE_BYTES_MAX = 16 * 4096;

  private static final long O_TRUNC = 0x200;
  private static final long SEEK_END = 2;
  private static final int FILE_PATH_MAX = 255;

  private final Cpu cpu;
  private final ProcessorNode node;

  /** Bytes of the transfer in progress that have been asked for, and all of them. */
  private long asked;

  private long total;

  StorageCalls(Cpu cpu, ProcessorNode node) {
    this.cpu = cpu;
    this.node = node;
  }

  /** The next message of a transfer that one does not hold; false when it is done. */
  boolean next() {
    return asked < total;
  }

  /** Prepares the request of a returning call; false when no other node answers it. */
  boolean prepare(Task task) {
    if (isTransfer(task)) {
      return prepareTransfer(task);
    }
    total = 0;
    asked = 0;
    if (task.call == SyscallNumbers.FSYNC || task.call == SyscallNumbers.FDATASYNC) {
      return prepareSync(task);
    }
    boolean isCached = node.storage().isCachedAtMemory();
    if (isCached && task.call == SyscallNumbers.LSEEK && task.callArguments[2] == SEEK_END) {
      OpenFile file = remoteFile(task);
      if (file != null) {
        toHome(task, Opcode.LSEEK, file.path()).isMarshalled = true;
      }
      return file != null;
    }
    Opcode opcode = aboutPath(task.call);
    if (opcode == null) {
      return false;
    }
    String path = pathOf(task);
    if (path == null || LocalFiles.isLocal(path)) {
      return false;
    }
    // What a memory node keeps of files makes it the one to ask.
    boolean asksHome = isCached
        && task.batch.eventResult >= 0
        && (opcode == Opcode.STAT || opcode == Opcode.RENAME);
    Request request = asksHome ? toHome(task, opcode, path) : toStorage(task, opcode, path);
    request.isMarshalled = true;
    describe(task, request);
    return true;
  }

  private boolean isTransfer(Task task) {
    boolean moves = node.storage().isOwn()
        ? FileCalls.reads(task.call) || FileCalls.writes(task.call)
        : FileCalls.transfers(task.call);
    return moves && task.batch.eventResult > 0 && remoteFile(task) != null;
  }

  /** What the call's first argument stands for, if the storage node has it. */
  private static @Nullable OpenFile remoteFile(Task task) {
    OpenFile file = NodeFiles.at(task, task.callArguments[0]);
    return file != null && file.kind() == FileKind.REMOTE ? file : null;
  }

  private boolean prepareTransfer(Task task) {
    OpenFile file = remoteFile(task);
    if (file == null) {
      return false;
    }
    boolean reads = FileCalls.reads(task.call);
    if (asked >= total) {
      asked = 0;
      total = task.batch.eventResult;
    }
    long limit = node.storage().isOwn()
        ? Long.MAX_VALUE
        : reads ? FileCalls.TRANSFER_BYTES_MAX : WRITE_BYTES_MAX;
    long bytes = Math.min(total - asked, limit);
    boolean isPlaced = task.call == SyscallNumbers.PREAD64 || task.call == SyscallNumbers.PWRITE64;
    long start = isPlaced ? Math.max(0, task.callArguments[3]) : file.position();
    Request request = toHome(task, reads ? Opcode.READ : Opcode.WRITE, file.path());
    request.length = bytes;
    request.argument[Request.FILE_OFFSET] = start + (isPlaced ? asked : 0);
    if (!isPlaced) {
      file.setPosition(start + bytes);
    }
    asked += bytes;
    if (node.storage().isOwn()) {
      return true;
    }
    node.taskMemory().transfers(task, (int) bytes);
    if (reads) {
      request.replyBytes += (int) bytes;
    } else {
      request.requestBytes += (int) bytes;
      request.isMarshalled = true;
    }
    return true;
  }

  private boolean prepareSync(Task task) {
    OpenFile file = remoteFile(task);
    if (file == null || task.batch.eventResult < 0) {
      return false;
    }
    if (!node.storage().isOwn() && !node.storage().isCachedAtMemory()) {
      node.approximate("fsync: answered locally, as LegoOS does without a page cache at the memory"
          + " node: what was written may still be in the storage node's memory");
      return false;
    }
    toHome(task, Opcode.FSYNC, file.path()).isMarshalled = true;
    return true;
  }

  private Request toHome(Task task, Opcode opcode, String path) {
    Request request = cpu.request().prepare(opcode, task.process.homeNode());
    request.tgid = task.process.tgid();
    request.text = shortened(path);
    return request;
  }

  private Request toStorage(Task task, Opcode opcode, String path) {
    StorageAccess storage = node.storage();
    int target = storage.isOwn() ? 0 : storage.nodeFor(task.process.homeNode());
    Request request = cpu.request().prepare(opcode, target);
    request.tgid = task.process.tgid();
    request.text = shortened(path);
    return request;
  }

  private static String shortened(String path) {
    return path.substring(0, Math.min(FILE_PATH_MAX, path.length()));
  }

  /** Which call the storage node answers, or null. */
  private static @Nullable Opcode aboutPath(int call) {
    return switch (call) {
      case SyscallNumbers.OPEN, SyscallNumbers.OPENAT, SyscallNumbers.CREAT -> Opcode.OPEN;
      case SyscallNumbers.STAT,
          SyscallNumbers.LSTAT,
          SyscallNumbers.FSTAT,
          SyscallNumbers.NEWFSTATAT -> Opcode.STAT;
      case SyscallNumbers.ACCESS, SyscallNumbers.FACCESSAT -> Opcode.ACCESS;
      case SyscallNumbers.READLINK, SyscallNumbers.READLINKAT -> Opcode.READLINK;
      case SyscallNumbers.GETDENTS, SyscallNumbers.GETDENTS64 -> Opcode.GETDENTS;
      case SyscallNumbers.TRUNCATE, SyscallNumbers.FTRUNCATE -> Opcode.TRUNCATE;
      case SyscallNumbers.UNLINK, SyscallNumbers.UNLINKAT -> Opcode.UNLINK;
      case SyscallNumbers.MKDIR, SyscallNumbers.MKDIRAT -> Opcode.MKDIR;
      case SyscallNumbers.RMDIR -> Opcode.RMDIR;
      case SyscallNumbers.RENAME, SyscallNumbers.RENAMEAT -> Opcode.RENAME;
      case SyscallNumbers.STATFS, SyscallNumbers.FSTATFS -> Opcode.STATFS;
      default -> null;
    };
  }

  /** The path that the call is about; null for a descriptor of something that is on no storage node. */
  private static @Nullable String pathOf(Task task) {
    String named = task.kernel.text;
    boolean byDescriptor = switch (task.call) {
      case SyscallNumbers.FSTAT,
          SyscallNumbers.FSTATFS,
          SyscallNumbers.FTRUNCATE,
          SyscallNumbers.GETDENTS,
          SyscallNumbers.GETDENTS64 -> true;
      case SyscallNumbers.NEWFSTATAT -> named.isEmpty();
      default -> false;
    };
    if (!byDescriptor) {
      return named;
    }
    OpenFile file = remoteFile(task);
    return file == null ? null : file.path();
  }

  private static void describe(Task task, Request request) {
    long[] arguments = task.callArguments;
    long result = task.batch.eventResult;
    switch (task.call) {
      case SyscallNumbers.OPEN -> truncates(request, arguments[1], result);
      case SyscallNumbers.OPENAT -> truncates(request, arguments[2], result);
      case SyscallNumbers.CREAT -> truncates(request, O_TRUNC, result);
      case SyscallNumbers.TRUNCATE, SyscallNumbers.FTRUNCATE ->
        request.length = Math.max(0, arguments[1]);
      case SyscallNumbers.GETDENTS,
          SyscallNumbers.GETDENTS64,
          SyscallNumbers.READLINK,
          SyscallNumbers.READLINKAT -> {
        long bytes = Math.min(Math.max(0, result), FileCalls.TRANSFER_BYTES_MAX);
        request.replyBytes += (int) bytes;
      }
      case SyscallNumbers.RENAME, SyscallNumbers.RENAMEAT -> {
        String[] strings = task.kernel.callStrings;
        request.otherText = strings.length > 1 ? shortened(strings[1]) : request.text;
      }
      default -> {
        // the path says all
      }
    }
    if (result < 0 && changesFiles(request.opcode)) {
      // A call that failed changes nothing; it costs what a look-up does.
      Opcode tried = request.opcode;
      request.opcode = Opcode.ACCESS;
      request.requestBytes = tried.requestBytes();
    }
  }

  private static boolean changesFiles(Opcode opcode) {
    return switch (opcode) {
      case TRUNCATE, UNLINK, RENAME, MKDIR, RMDIR -> true;
      default -> false;
    };
  }

  private static void truncates(Request request, long flags, long result) {
    if ((flags & O_TRUNC) != 0 && result >= 0) {
      request.argument[Request.FILE_FLAGS] = Request.FILE_TRUNCATE;
    }
  }
}
