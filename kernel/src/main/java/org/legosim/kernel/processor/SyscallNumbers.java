package org.legosim.kernel.processor;

/** Numbers of the x86-64 system calls that the processor node treats in their own way. */
final class SyscallNumbers {
  static final int READ = 0;
  static final int WRITE = 1;
  static final int OPEN = 2;
  static final int CLOSE = 3;
  static final int STAT = 4;
  static final int FSTAT = 5;
  static final int LSTAT = 6;
  static final int POLL = 7;
  static final int LSEEK = 8;
  static final int MMAP = 9;
  static final int MPROTECT = 10;
  static final int MUNMAP = 11;
  static final int BRK = 12;
  static final int PREAD64 = 17;
  static final int PWRITE64 = 18;
  static final int READV = 19;
  static final int WRITEV = 20;
  static final int ACCESS = 21;
  static final int PIPE = 22;
  static final int SELECT = 23;
  static final int SCHED_YIELD = 24;
  static final int MREMAP = 25;
  static final int MSYNC = 26;
  static final int RT_SIGACTION = 13;
  static final int RT_SIGPROCMASK = 14;
  static final int RT_SIGRETURN = 15;
  static final int PAUSE = 34;
  static final int ALARM = 37;
  static final int SETITIMER = 38;
  static final int RT_SIGTIMEDWAIT = 128;
  static final int RT_SIGQUEUEINFO = 129;
  static final int RT_SIGSUSPEND = 130;
  static final int SIGALTSTACK = 131;
  static final int RT_TGSIGQUEUEINFO = 297;
  static final int DUP = 32;
  static final int DUP2 = 33;
  static final int NANOSLEEP = 35;
  static final int GETPID = 39;
  static final int SENDFILE = 40;
  static final int SOCKET = 41;
  static final int ACCEPT = 43;
  static final int SOCKETPAIR = 53;
  static final int CLONE = 56;
  static final int FORK = 57;
  static final int VFORK = 58;
  static final int EXECVE = 59;
  static final int EXIT = 60;
  static final int WAIT4 = 61;
  static final int KILL = 62;
  static final int UNAME = 63;
  static final int FCNTL = 72;
  static final int FSYNC = 74;
  static final int FDATASYNC = 75;
  static final int TRUNCATE = 76;
  static final int FTRUNCATE = 77;
  static final int GETDENTS = 78;
  static final int RENAME = 82;
  static final int MKDIR = 83;
  static final int RMDIR = 84;
  static final int UNLINK = 87;
  static final int STATFS = 137;
  static final int FSTATFS = 138;
  static final int MKDIRAT = 258;
  static final int UNLINKAT = 263;
  static final int RENAMEAT = 264;
  static final int CREAT = 85;
  static final int READLINK = 89;
  static final int SETPRIORITY = 141;
  static final int SCHED_SETPARAM = 142;
  static final int SCHED_SETSCHEDULER = 144;
  static final int GETTID = 186;
  static final int TKILL = 200;
  static final int FUTEX = 202;
  static final int SCHED_SETAFFINITY = 203;
  static final int EPOLL_CREATE = 213;
  static final int SET_TID_ADDRESS = 218;
  static final int TGKILL = 234;
  static final int SET_ROBUST_LIST = 273;
  static final int GETDENTS64 = 217;
  static final int CLOCK_NANOSLEEP = 230;
  static final int EXIT_GROUP = 231;
  static final int WAITID = 247;
  static final int OPENAT = 257;
  static final int NEWFSTATAT = 262;
  static final int READLINKAT = 267;
  static final int FACCESSAT = 269;
  static final int PSELECT6 = 270;
  static final int PPOLL = 271;
  static final int EPOLL_WAIT = 232;
  static final int EPOLL_PWAIT = 281;
  static final int SPLICE = 275;
  static final int TEE = 276;
  static final int VMSPLICE = 278;
  static final int EVENTFD = 284;
  static final int ACCEPT4 = 288;
  static final int EVENTFD2 = 290;
  static final int EPOLL_CREATE1 = 291;
  static final int DUP3 = 292;
  static final int PIPE2 = 293;
  static final int EXECVEAT = 322;
  static final int CLONE3 = 435;

  private static final long CLONE_VM = 0x100;
  private static final long CLONE_THREAD = 0x10000;

  private SyscallNumbers() {}

  static boolean opensFile(int number) {
    return number == OPEN || number == OPENAT || number == CREAT;
  }

  /** Calls that the storage node answers about a path. */
  static boolean asksStorage(int number) {
    return switch (number) {
      case OPEN, OPENAT, CREAT, STAT, LSTAT, FSTAT, NEWFSTATAT, ACCESS, FACCESSAT -> true;
      case READLINK, READLINKAT, GETDENTS, GETDENTS64 -> true;
      default -> false;
    };
  }

  /** Calls after which, at the memory node, others may map where they unmapped. */
  static boolean givesMappingsUp(int call) {
    return call == MUNMAP || call == MREMAP;
  }

  /** Calls whose return the captured order may hold while the caller sleeps. */
  static boolean sleeps(int number) {
    return switch (number) {
      case WAIT4, WAITID, NANOSLEEP, CLOCK_NANOSLEEP, POLL, PPOLL, SELECT, READ, READV -> true;
      case PSELECT6, EPOLL_WAIT, EPOLL_PWAIT -> true;
      case PAUSE, RT_SIGSUSPEND, RT_SIGTIMEDWAIT -> true;
      default -> false;
    };
  }

  /** True for a call that makes a process which runs in its parent's address space. */
  static boolean sharesMemory(int number, long flags) {
    return number == VFORK || (number == CLONE && (flags & (CLONE_VM | CLONE_THREAD)) == CLONE_VM);
  }

  static boolean isClone(int number) {
    return number == CLONE || number == FORK || number == VFORK || number == CLONE3;
  }
}
