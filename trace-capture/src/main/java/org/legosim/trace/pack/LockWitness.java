package org.legosim.trace.pack;

import java.util.List;
import org.legosim.trace.format.Ltrace;

/** Tells what threads do to words, at the places where they are, to whoever looks for locks. */
final class LockWitness {
  private final LockWords locks;
  private final SharedWords places;
  private final List<ThreadTotals> totals;

  LockWitness(LockWords locks, SharedWords places, List<ThreadTotals> totals) {
    this.locks = locks;
    this.places = places;
    this.totals = totals;
  }

  /** Whether an atomic access has gates. */
  boolean orders(int thread, Stamp stamp) {
    return !locks.isWanted() || locks.orders(place(thread, stamp, stamp.address));
  }

  /** Whether a wait on a word has a gate on the wake that ended it. */
  boolean ordersWaits(int thread, Stamp stamp, long address) {
    return !locks.isWanted() || locks.ordersWaits(thread, place(thread, stamp, address));
  }

  /** One of the plain stores before a stamp. */
  void store(int thread, Stamp stamp, int index) {
    locks.store(thread, stamp.storeRecord[index], place(thread, stamp, stamp.storeAddress[index]));
  }

  /** A stamp whose gates have been given. */
  void entry(int thread, Stamp stamp) {
    if (!locks.isWanted()) {
      return;
    }
    if (stamp.kind == Ltrace.ATOMIC) {
      locks.atomic(thread, stamp, place(thread, stamp, stamp.address));
    } else if (stamp.kind == Ltrace.SYSCALL_ENTER && stamp.number == LinuxCalls.FUTEX) {
      locks.futexEntered(thread, stamp, place(thread, stamp, stamp.arguments[0]));
    } else {
      locks.other(thread, stamp);
    }
  }

  private SharedWords.Place place(int thread, Stamp stamp, long address) {
    return places.at(new SpaceKey(totals.get(thread).pid(), stamp.image), address, stamp.sequence);
  }
}
