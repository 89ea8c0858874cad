package org.legosim.kernel.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sending, blocking and taking against lists that do what signal(7) says, in the plainest way. */
class PendingLawTest {
  private static final int ROUNDS = 200;
  private static final int STEPS = 300;

  /** Two queues in the order of sending, and a set of blocked numbers. */
  private static final class Reference {
    final List<Integer> own = new ArrayList<>();
    final List<Integer> shared = new ArrayList<>();
    final TreeSet<Integer> blocked = new TreeSet<>();

    void send(int number, boolean toThread) {
      List<Integer> queue = toThread ? own : shared;
      if (number >= 32 || !queue.contains(number)) {
        queue.add(number);
      }
    }

    /** The number of the next signal that is not blocked, or 0. */
    int next() {
      TreeSet<Integer> waiting = new TreeSet<>(own);
      waiting.addAll(shared);
      waiting.removeAll(blocked);
      for (int urgent : new int[] {4, 5, 7, 8, 11, 31}) {
        if (waiting.contains(urgent)) {
          return urgent;
        }
      }
      return waiting.isEmpty() ? 0 : waiting.first();
    }

    void take(int number) {
      if (!own.remove((Object) number)) {
        shared.remove((Object) number);
      }
    }
  }

  @Test
  void queuesAndMasks_areThoseOfTheReference() {
    long seed = Long.getLong("legosim.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      oneRound(random, "seed " + seed + ", round " + round);
    }
  }

  private static void oneRound(Random random, String place) {
    ThreadSignals thread = new ThreadSignals();
    GroupSignals group = new GroupSignals();
    Delivery delivery = new Delivery(thread, group);
    for (int number = 1; number <= Signals.LAST; number++) {
      delivery.setAction(number, new SignalAction(0x1000, 0, 0, 0));
    }
    Reference reference = new Reference();
    for (int step = 0; step < STEPS; step++) {
      int number = 1 + random.nextInt(Signals.LAST);
      boolean isKill = number == Signals.KILL || number == Signals.STOP;
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (!isKill) {
            boolean toThread = random.nextBoolean();
            delivery.send(number, toThread);
            reference.send(number, toThread);
          }
        }
        case 2 -> {
          boolean blocks = random.nextBoolean();
          thread.changeMask(blocks ? 0 : 1, Signals.bit(number));
          if (blocks && !isKill) {
            reference.blocked.add(number);
          } else {
            reference.blocked.remove(number);
          }
        }
        default -> {
          long set = delivery.deliverable();
          int next = set == 0 ? 0 : Signals.first(set);
          assertEquals(reference.next(), next, place + ", step " + step);
          if (next != 0) {
            delivery.take(next);
            reference.take(next);
          }
        }
      }
    }
  }
}
