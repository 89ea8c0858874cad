package org.legosim.kernel.processor;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.files.FileKind;
import org.legosim.kernel.files.FileParams;
import org.legosim.kernel.files.MadeFiles;
import org.legosim.kernel.files.OpenFile;
import org.legosim.kernel.files.Pipe;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;

/**
 * A read or write that the processor node's kernel answers itself, at the call's return: a file of /proc
 * or /sys, whose content is made and copied out under a spin lock, so that a page fault of the buffer asks
 * the memory node with the lock held; the console, which takes one writer at a time at its own speed; a
 * pipe.
 *
 * <p>Source: LegoOS {@code fs/seq_file.c}, {@code fs/pipe.c}, {@code drivers/tty}.
 */
final class FilePath extends KernelPath {
  private static final int SEQUENCE = 0;
  private static final int LOCKED = 1;
  private static final int SHOWN = 2;
  private static final int READ = 3;
  private static final int CONSOLE = 4;
  private static final int GATHERED = 5;
  private static final int CONSOLE_LOCKED = 6;
  private static final int PRINTED = 7;
  private static final int PIPE = 8;
  private static final int PAGES_READY = 9;
  private static final int PIPED = 10;

  private static final int PAGE_BYTES = 4096;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final UserCopyPath copy;
  private final FileParams params;
  private final KernelCosts costs;
  private @Nullable OpenFile file;

  FilePath(Cpu cpu, ProcessorNode node, UserCopyPath copy) {
    super("local file");
    this.cpu = cpu;
    this.node = node;
    this.copy = copy;
    this.costs = node.costs();
    this.params = costs.files;
  }

  /** Pushes the path for a returning call that needs it. */
  boolean call(Task task) {
    long bytes = task.batch.eventResult;
    boolean reads = FileCalls.reads(task.call);
    if (bytes < 0 || !(reads || FileCalls.writes(task.call)) || !node.isRemote()) {
      return false;
    }
    if (task.call == SyscallNumbers.WRITEV) {
      return bytes > 0 && push(task, null, GATHERED);
    }
    OpenFile opened = NodeFiles.at(task, task.callArguments[0]);
    if (opened == null || task.call == SyscallNumbers.READV) {
      return false;
    }
    return switch (opened.kind()) {
      case SEQUENCE -> reads && pushSequence(task, opened);
      case CONSOLE -> !reads && bytes > 0 && push(task, opened, CONSOLE);
      case PIPE_READ -> reads && bytes > 0 && push(task, opened, PIPE);
      case PIPE_WRITE -> !reads && bytes > 0 && push(task, opened, PIPE);
      case REMOTE, STDIN, DEVICE, LOCAL -> false;
    };
  }

  /** The kernel's own file may be longer or shorter than the captured one. */
  private boolean pushSequence(Task task, OpenFile opened) {
    long length = node.files().madeBytes(opened);
    if (length != MadeFiles.UNKNOWN) {
      task.kernel.madeBytes =
          MadeFiles.readBytes(length, offset(task, opened), task.callArguments[2]);
    }
    return push(task, opened, SEQUENCE);
  }

  private static long offset(Task task, OpenFile opened) {
    return task.call == SyscallNumbers.PREAD64 ? task.callArguments[3] : opened.position();
  }

  private boolean push(Task task, @Nullable OpenFile opened, int step) {
    file = opened;
    task.isCopying = opened != null;
    cpu.stack().call(this).step = step;
    return true;
  }

  private OpenFile file() {
    OpenFile present = file;
    if (present == null) {
      throw new ModelException(cpu.name() + " has no file in use");
    }
    return present;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    long made = task.kernel.madeBytes;
    long bytes = made == MadeFiles.UNKNOWN ? task.batch.eventResult : made;
    switch (frame.step) {
      case SEQUENCE:
        frame.step = LOCKED;
        if (!file().lock().acquire(cpu)) {
          return WAIT;
        }
      // fall through
      case LOCKED:
        cpu.stamp(TimeCategory.LOCK_WAIT);
        frame.step = SHOWN;
        if (!cpu.advance(showPs(task, bytes))) {
          return WAIT;
        }
      // fall through
      case SHOWN:
        cpu.stamp(TimeCategory.COPY);
        frame.step = READ;
        if (bytes > 0) {
          copy.call(task.callArguments[1], bytes, true);
          return CALL;
        }
        task.isCopying = false;
      // fall through
      case READ:
        if (task.call == SyscallNumbers.READ) {
          file().setPosition(file().position() + bytes);
        }
        file().lock().release(cpu, 0);
        return DONE;
      case CONSOLE:
        frame.step = GATHERED;
        copy.call(task.callArguments[1], bytes, false);
        return CALL;
      case GATHERED:
        if (params.consoleBaud() == 0 || (task.isCopying && copy.hasFaulted())) {
          return DONE;
        }
        frame.step = CONSOLE_LOCKED;
        if (!node.files().console().acquire(cpu)) {
          return WAIT;
        }
      // fall through
      case CONSOLE_LOCKED:
        cpu.stamp(TimeCategory.LOCK_WAIT);
        frame.step = PRINTED;
        if (!cpu.advance(params.consolePs(bytes))) {
          return WAIT;
        }
      // fall through
      case PRINTED:
        cpu.stamp(TimeCategory.IDLE);
        node.files().console().release(cpu, 0);
        return DONE;
      case PIPE:
        frame.step = PAGES_READY;
        if (!cpu.advance(costs.pipePage.charge((bytes + PAGE_BYTES - 1) / PAGE_BYTES))) {
          return WAIT;
        }
      // fall through
      case PAGES_READY:
        cpu.stamp(TimeCategory.COPY);
        frame.step = PIPED;
        copy.call(task.callArguments[1], bytes, file().kind() == FileKind.PIPE_READ);
        return CALL;
      default: // PIPED
        if (file().kind() == FileKind.PIPE_READ) {
          Pipe pipe = file().pipe();
          pipe.read(bytes);
          node.files().wakeWriters(pipe, cpu);
        }
        return DONE;
    }
  }

  /**
   * The content is made once, at the first read, whatever that takes of it; where its length is not known it is what
   * is read. A content that does not fit is made again, into a buffer twice as long.
   */
  private long showPs(Task task, long read) {
    long bytes = node.files().madeBytes(file());
    if (bytes == MadeFiles.UNKNOWN) {
      bytes = read;
    } else if (offset(task, file()) > 0) {
      return 0;
    }
    long ps = costs.showFile.chargeBytes(bytes);
    for (long buffer = PAGE_BYTES; buffer < bytes; buffer *= 2) {
      ps += costs.showFile.chargeBytes(buffer);
    }
    return ps;
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case SEQUENCE, LOCKED -> "seq_file lock";
      case SHOWN, READ -> "content under the lock";
      case GATHERED, CONSOLE_LOCKED -> "console lock";
      case PRINTED -> "printing";
      default -> "data";
    };
  }
}
