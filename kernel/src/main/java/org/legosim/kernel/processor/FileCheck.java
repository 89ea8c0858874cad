package org.legosim.kernel.processor;

import org.legosim.kernel.files.Descriptors;
import org.legosim.kernel.files.FileKind;
import org.legosim.kernel.files.LocalFiles;
import org.legosim.kernel.files.MadeFiles;
import org.legosim.kernel.files.OpenFile;

/**
 * What the captured system answered about files and the simulated kernel would not have. Each kind is
 * listed once, as a program does the same again and again, and counted each time.
 */
final class FileCheck {
  private static final int PATH_SHOWN = 80;

  private final ProcessorNode node;
  private final String onlineCpus;

  FileCheck(ProcessorNode node, String onlineCpus) {
    this.node = node;
    this.onlineCpus = onlineCpus.strip();
  }

  /** A call without an error returns; the table is as it was before. */
  void returned(Task task, Descriptors table) {
    if (task.kernel.isSimulated) {
      return; // what is wrong with it has been told
    }
    switch (task.call) {
      case SyscallNumbers.READ, SyscallNumbers.PREAD64 -> {
        OpenFile file = table.at(task.callArguments[0]);
        if (file == null) {
          unknown(task, table);
        } else if (file.kind() == FileKind.STDIN) {
          differs(task, "stdin", "refused: the console cannot be read");
        } else if (file.kind() == FileKind.SEQUENCE) {
          made(task, file);
        }
      }
      case SyscallNumbers.READV -> differs(task, "", "EFAULT: LegoOS has no readv");
      case SyscallNumbers.WRITEV -> {
        OpenFile file = table.at(task.callArguments[0]);
        if (file == null || file.kind() != FileKind.CONSOLE) {
          differs(task, "", "printed on the console: LegoOS's writev does nothing else");
        }
      }
      case SyscallNumbers.WRITE,
          SyscallNumbers.PWRITE64,
          SyscallNumbers.CLOSE,
          SyscallNumbers.DUP,
          SyscallNumbers.DUP2,
          SyscallNumbers.DUP3,
          SyscallNumbers.FCNTL,
          SyscallNumbers.LSEEK -> {
        unknown(task, table);
      }
      case SyscallNumbers.OPEN, SyscallNumbers.OPENAT, SyscallNumbers.CREAT -> {
        String path = task.kernel.text;
        if (LocalFiles.isLocal(path) && !LocalFiles.exists(path)) {
          String shown = path.length() <= PATH_SHOWN ? path : path.substring(0, PATH_SHOWN) + "...";
          differs(task, shown, "ENOENT: LegoOS has no " + shown);
        }
      }
      default -> {
        // nothing of it is about descriptors
      }
    }
  }

  private void unknown(Task task, Descriptors table) {
    long descriptor = task.callArguments[0];
    if (table.isGone(descriptor)) {
      differs(task, "closed", "EBADF: descriptor " + descriptor + " is closed");
    }
  }

  /** Of what the captured machine said only the length is known. */
  private void made(Task task, OpenFile file) {
    boolean isOnline = file.path().equals(LocalFiles.ONLINE);
    if (isOnline) {
      node.approximate("files: LegoOS lists its active CPUs, " + onlineCpus + ", in "
          + LocalFiles.ONLINE + "; the program goes on with what the captured machine said");
    }
    long bytes = task.kernel.madeBytes;
    if (bytes != MadeFiles.UNKNOWN && bytes != task.batch.eventResult) {
      String says = isOnline
          ? " says " + onlineCpus
          : " has " + node.files().madeBytes(file) + " bytes by Linux 4.8's format";
      differs(task, file.path(), bytes + ": " + file.path() + says);
    }
  }

  /** A descriptor is about to appear. */
  void appears(Task task, Descriptors table, long descriptor) {
    boolean isNew = table.at(descriptor) == null;
    if (descriptor >= Descriptors.SIZE || (isNew && table.isFull())) {
      differs(task, "full", "EMFILE: a process has " + Descriptors.SIZE + " descriptors");
    }
  }

  private void differs(Task task, String subject, String simulated) {
    String call = SyscallNames.of(task.call);
    node.kernel()
        .disagreements()
        .addKind(call + " " + subject, task, call, Errno.text(task.batch.eventResult), simulated);
  }
}
