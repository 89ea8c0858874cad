package org.legosim.kernel.processor;

import java.util.BitSet;

/**
 * Which descriptors of a process are regular files: what read and write ask another node for. Pipes
 * and the console are local.
 */
final class FileCalls {
  /** Largest transfer of one message: the memory node's transmit buffer. */
  static final long TRANSFER_BYTES_MAX = 2L * 1024 * 1024 - 4096;

  private static final int DESCRIPTOR_MAX = 1 << 20;

  private final BitSet regular = new BitSet();

  void inherit(FileCalls parent) {
    regular.or(parent.regular);
  }

  static boolean reads(int number) {
    return number == SyscallNumbers.READ
        || number == SyscallNumbers.PREAD64
        || number == SyscallNumbers.READV;
  }

  static boolean writes(int number) {
    return number == SyscallNumbers.WRITE
        || number == SyscallNumbers.PWRITE64
        || number == SyscallNumbers.WRITEV;
  }

  static boolean isVectored(int number) {
    return number == SyscallNumbers.READV || number == SyscallNumbers.WRITEV;
  }

  /** True when the call transfers data of a regular file. */
  boolean isFile(int number, long descriptor) {
    return (reads(number) || writes(number)) && isRegular(descriptor);
  }

  private boolean isRegular(long descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTOR_MAX && regular.get((int) descriptor);
  }

  /** Follows what a returned call does to the table. */
  void returned(int number, long[] arguments, long result) {
    if (result < 0 || result >= DESCRIPTOR_MAX) {
      return;
    }
    if (SyscallNumbers.opensFile(number)) {
      regular.set((int) result);
    } else if (number == SyscallNumbers.DUP || number == SyscallNumbers.DUP2) {
      regular.set((int) result, isRegular(arguments[0]));
    } else if (number == SyscallNumbers.CLOSE && isRegular(arguments[0])) {
      regular.clear((int) arguments[0]);
    }
  }
}
