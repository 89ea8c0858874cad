package org.legosim.trace.pack;

import java.util.Arrays;

/**
 * A word on which threads may take turns. Where each instruction stands is all that tells asking from giving up, as a trace has no
 * values; but an atomic access that asks for a free lock gets it, so the global order of the accesses decides: free, the next
 * access asks and gets; held, the holder's next access gives up, and any other thread's asks in vain. An instruction that does
 * both shows that the word is no lock.
 */
final class LockWord {
  private static final int INSTRUCTIONS_MAX = 64;
  private static final int FREE = -1;

  private final int number;
  private long[] instructions = new long[4];
  private boolean[] asks = new boolean[4];
  private int count;
  private int holder = FREE;
  private boolean isRefused;
  private int firstThread = FREE;
  private boolean isShared;
  private boolean wasGivenUp;
  private boolean hasStores;
  private boolean isSpin;

  /** What an access was. */
  enum Step {
    GOT,
    ASKED,
    GAVE_UP,
    REFUSED
  }

  LockWord(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** It is no lock, in this pass and in every later one. */
  void refuse() {
    isRefused = true;
  }

  boolean isRefused() {
    return isRefused;
  }

  /** Only one thread has used it: it orders nothing and is nobody's lock. */
  boolean isLocal() {
    return !isShared;
  }

  /**
   * A plain store by the thread that used it last, as spin locks are given up. Such stores have no place in the global order, so
   * who holds a spin lock is told by each thread's own records alone, from the next pass on.
   */
  void noteStore() {
    hasStores = true;
  }

  boolean isSpin() {
    return isSpin;
  }

  /** A thread uses it, which is all that is to know of a spin lock. */
  void use(int thread) {
    isShared |= firstThread != FREE && firstThread != thread;
    firstThread = thread;
  }

  /** A pass begins. */
  void restart() {
    holder = FREE;
    if (hasStores && !isSpin) {
      isSpin = true;
      isRefused = false;
    }
  }

  /** A pass is over: what nobody gave up is no lock. */
  void finish() {
    isRefused |= !isSpin && (holder != FREE || !wasGivenUp);
  }

  /** The next access in the global order. */
  Step step(int thread, long instruction) {
    use(thread);
    if (isRefused) {
      return Step.REFUSED;
    }
    boolean isAsking = holder != thread;
    if (instruction == 0 || !isKnownAs(instruction, isAsking)) {
      refuse();
      return Step.REFUSED;
    }
    if (!isAsking) {
      holder = FREE;
      wasGivenUp = true;
      return Step.GAVE_UP;
    }
    if (holder != FREE) {
      return Step.ASKED;
    }
    holder = thread;
    return Step.GOT;
  }

  /** Whether an instruction does what it did before; a new one is noted. */
  private boolean isKnownAs(long instruction, boolean isAsking) {
    for (int i = 0; i < count; i++) {
      if (instructions[i] == instruction) {
        return asks[i] == isAsking;
      }
    }
    if (count == INSTRUCTIONS_MAX) {
      return false;
    }
    if (count == instructions.length) {
      instructions = Arrays.copyOf(instructions, 2 * count);
      asks = Arrays.copyOf(asks, 2 * count);
    }
    instructions[count] = instruction;
    asks[count++] = isAsking;
    return true;
  }
}
