package org.legosim.kernel.files;

import org.jspecify.annotations.Nullable;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.KernelLock;

/** An open file; all descriptors that were duplicated or inherited from one share it. */
public final class OpenFile {
  private final FileKind kind;
  private final String path;
  private final @Nullable Pipe pipe;
  private final @Nullable KernelLock lock;
  private int references;
  private long position;

  private OpenFile(FileKind kind, String path, @Nullable Pipe pipe) {
    this.kind = kind;
    this.path = path;
    this.pipe = pipe;
    this.lock = kind == FileKind.SEQUENCE ? new KernelLock("seq_file of " + path) : null;
  }

  public static OpenFile of(FileKind kind, String path) {
    return new OpenFile(kind, path, null);
  }

  static OpenFile end(Pipe pipe, boolean writes) {
    return new OpenFile(writes ? FileKind.PIPE_WRITE : FileKind.PIPE_READ, "pipe", pipe);
  }

  public FileKind kind() {
    return kind;
  }

  /** As it was opened; untrusted. */
  public String path() {
    return path;
  }

  /** True for an end of a pipe. */
  public boolean isPipe() {
    return pipe != null;
  }

  /** Of a pipe's end. */
  public Pipe pipe() {
    Pipe present = pipe;
    if (present == null) {
      throw new ModelException(path + " is no pipe");
    }
    return present;
  }

  /** The spin lock of a {@link FileKind#SEQUENCE}, held while its content is made and copied out. */
  public KernelLock lock() {
    KernelLock present = lock;
    if (present == null) {
      throw new ModelException(path + " is not made up by the kernel");
    }
    return present;
  }

  /** Bytes of a {@link FileKind#SEQUENCE} that have been read. */
  public long position() {
    return position;
  }

  public void setPosition(long bytes) {
    position = bytes;
  }

  void acquire() {
    references++;
    if (references == 1 && pipe != null) {
      pipe.opened(kind == FileKind.PIPE_WRITE);
    }
  }

  /** A descriptor goes; with the last one a pipe loses an end. */
  void release() {
    references--;
    if (references == 0 && pipe != null) {
      pipe.closed(kind == FileKind.PIPE_WRITE);
    }
  }
}
