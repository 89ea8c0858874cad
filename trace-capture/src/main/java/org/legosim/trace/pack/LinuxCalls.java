package org.legosim.trace.pack;

/** The x86-64 Linux system calls that order threads or change mappings, and their arguments. */
final class LinuxCalls {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int CLOSE = 3;
  static final int MMAP = 9;
  static final int MPROTECT = 10;
  static final int MUNMAP = 11;
  static final int BRK = 12;
  static final int READV = 19;
  static final int WRITEV = 20;
  static final int PIPE = 22;
  static final int MREMAP = 25;
  static final int MADVISE = 28;
  static final int DUP = 32;
  static final int DUP2 = 33;
  static final int CLONE = 56;
  static final int FORK = 57;
  static final int VFORK = 58;
  static final int EXECVE = 59;
  static final int EXIT = 60;
  static final int WAIT4 = 61;
  static final int KILL = 62;
  static final int FCNTL = 72;
  static final int RT_SIGTIMEDWAIT = 128;
  static final int RT_SIGQUEUEINFO = 129;
  static final int TKILL = 200;
  static final int FUTEX = 202;
  static final int SET_TID_ADDRESS = 218;
  static final int EXIT_GROUP = 231;
  static final int TGKILL = 234;
  static final int WAITID = 247;
  static final int DUP3 = 292;
  static final int PIPE2 = 293;
  static final int RT_TGSIGQUEUEINFO = 297;
  static final int EXECVEAT = 322;
  static final int CLONE3 = 435;

  static final int MADV_DONTNEED = 4;
  static final int MAP_FIXED = 0x10;
  static final int FCNTL_DUPFD = 0;
  static final int FCNTL_DUPFD_CLOEXEC = 1030;
  static final int WAITID_PID = 1;

  static final long CLONE_VM = 0x100;
  static final long CLONE_FILES = 0x400;
  static final long CLONE_VFORK = 0x4000;
  static final long CLONE_THREAD = 0x10000;
  static final long CLONE_CHILD_CLEARTID = 0x200000;

  private static final long LARGEST_ERROR = -4095;
  private static final long EINTR = -4;
  /** Results of calls that a signal ended and that begin again; a program never sees them. */
  private static final long FIRST_RESTART = -512;

  private static final long LAST_RESTART = -516;

  private LinuxCalls() {}

  /** Whether a result is an error number. */
  static boolean failed(long result) {
    return result < 0 && result >= LARGEST_ERROR;
  }

  /** Whether a signal ended a call. */
  static boolean isInterrupted(long result) {
    return result == EINTR || (result <= FIRST_RESTART && result >= LAST_RESTART);
  }

  /** Whether a call makes a thread or process. */
  static boolean clones(long number) {
    return number == CLONE || number == FORK || number == VFORK || number == CLONE3;
  }

  /** Flags of a call that makes a thread or process, as far as its arguments tell: clone3 keeps them in memory. */
  static long cloneFlags(long number, long firstArgument) {
    if (number == CLONE) {
      return firstArgument;
    }
    return number == VFORK ? CLONE_VFORK | CLONE_VM : 0;
  }

  /** Whether a call may end mappings or their contents. */
  static boolean changesMappings(long number) {
    return number == MMAP
        || number == MUNMAP
        || number == MREMAP
        || number == MPROTECT
        || number == MADVISE
        || number == BRK;
  }
}
