package org.legosim.kernel.processor;

import java.util.List;

/**
 * The numbers by which the pcache and the memory nodes know processes. Results that a program saw are the captured
 * ones whatever stands here.
 *
 * <p>By default a process keeps its captured number. With {@code kernel.pidMax} numbers are given as the real kernel's bitmap gives them:
 * upwards from the last one, from 300 again at the end, and one is free as soon as its process has been reaped. Threads
 * take no numbers here.
 */
final class ProcessNumbers {
  static final int CAPTURED = 0;

  /** Below it numbers are used once only, by what starts with the system. */
  private static final int RESERVED = 300;

  private final int max;
  private int last = RESERVED - 1;

  /** @param max the lowest number that is never given, or {@link #CAPTURED} */
  ProcessNumbers(int max) {
    this.max = max;
  }

  /** The number that a process has from the start; 0 when it gets one at its fork. */
  int atLoad(int capturedPid, List<UserProcess> others) {
    if (max != CAPTURED) {
      return 0;
    }
    int highest = 0;
    boolean isTaken = capturedPid <= 0;
    for (UserProcess process : others) {
      highest = Math.max(highest, process.tgid());
      isTaken |= process.tgid() == capturedPid;
    }
    return isTaken ? highest + 1 : capturedPid;
  }

  /** The next free number, for a process that begins and has none; 0 when all are taken. */
  int next(List<UserProcess> all) {
    for (int tried = RESERVED; tried < max; tried++) {
      last = last + 1 < max ? last + 1 : RESERVED;
      if (isFree(last, all)) {
        return last;
      }
    }
    return 0;
  }

  private static boolean isFree(int number, List<UserProcess> all) {
    for (UserProcess process : all) {
      if (process.tgid() == number && process.life().state() != ProcessLife.State.REAPED) {
        return false;
      }
    }
    return true;
  }
}
