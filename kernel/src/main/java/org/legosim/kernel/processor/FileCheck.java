package org.legosim.kernel.processor;

import java.nio.charset.StandardCharsets;
import org.legosim.kernel.files.Descriptors;
import org.legosim.kernel.files.FileKind;
import org.legosim.kernel.files.LocalFiles;
import org.legosim.kernel.files.OpenFile;

/**
 * What the captured system answered about files and the simulated kernel would not have. Each kind is
 * listed once, as a program does the same again and again, and counted each time.
 */
final class FileCheck {
  private static final int PATH_SHOWN = 80;

  private final ProcessorNode node;
  private final String onlineCpus;
  private final int onlineBytes;

  FileCheck(ProcessorNode node, String onlineCpus) {
    this.node = node;
    this.onlineCpus = onlineCpus.strip();
    this.onlineBytes = onlineCpus.getBytes(StandardCharsets.US_ASCII).length;
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
        } else if (file.path().equals(LocalFiles.ONLINE)) {
          online(task, file);
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

  /** The captured machine had other CPUs; only the length of what it said is known. */
  private void online(Task task, OpenFile file) {
    node.approximate("files: LegoOS lists its active CPUs, " + onlineCpus + ", in "
        + LocalFiles.ONLINE + "; the program goes on with what the captured machine said");
    long start = task.call == SyscallNumbers.PREAD64
        ? task.callArguments[3]
        : file.position() - task.batch.eventResult;
    long bytes = Math.min(Math.max(0, onlineBytes - start), task.callArguments[2]);
    if (bytes != task.batch.eventResult) {
      differs(task, file.path(), bytes + ": " + LocalFiles.ONLINE + " says " + onlineCpus);
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
