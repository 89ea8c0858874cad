package org.legosim.kernel.files;

/** Who answers a read or a write of an open file. */
public enum FileKind {
  /** The storage node, through the memory node. */
  REMOTE,
  /** Nobody: the console cannot be read. */
  STDIN,
  /** The kernel's console. */
  CONSOLE,
  /** The kernel, from a buffer that it fills for each open file: {@code /proc} and {@code /sys}. */
  SEQUENCE,
  /** The kernel at once: {@code /dev/null}, {@code /dev/random}. */
  DEVICE,
  /** A pipe in this kernel. */
  PIPE_READ,
  /** A pipe in this kernel. */
  PIPE_WRITE,
  /** Something else of this kernel: a socket, an epoll instance. */
  LOCAL
}
