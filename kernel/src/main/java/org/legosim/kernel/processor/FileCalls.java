package org.legosim.kernel.processor;

/** Which calls move data of a file. */
final class FileCalls {
  /** Largest transfer of one message: the memory node's transmit buffer. */
  static final long TRANSFER_BYTES_MAX = 2L * 1024 * 1024 - 4096;

  private FileCalls() {}

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

  /** Calls that a file's node answers; this kernel's vectored ones reach no file. */
  static boolean transfers(int number) {
    return (reads(number) || writes(number)) && !isVectored(number);
  }
}
