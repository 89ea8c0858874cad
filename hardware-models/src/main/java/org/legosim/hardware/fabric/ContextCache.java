package org.legosim.hardware.fabric;

import java.util.Arrays;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.RandomStream;

/**
 * State that an adapter keeps in host memory and caches: of queue pairs, or page translations. Any
 * entry may give way to any other, at random, so a program that cycles through more than fit finds
 * some of them. What fits is there from the start.
 */
@HotPath
final class ContextCache {
  private static final int NOT_HELD = -1;

  private final int[] slotOf;
  private final int[] keyAt;
  private final RandomStream random;
  private long lookups;
  private long misses;

  /** @param population keys, numbered from 0 */
  ContextCache(int capacity, int population, RandomStream random) {
    this.random = random;
    boolean fits = population <= capacity;
    slotOf = new int[fits ? 0 : population];
    keyAt = new int[fits ? 0 : capacity];
    Arrays.fill(slotOf, NOT_HELD);
    // What a program that has named all of them in turn leaves behind.
    for (int slot = 0; slot < keyAt.length; slot++) {
      int key = population - keyAt.length + slot;
      slotOf[key] = slot;
      keyAt[slot] = key;
    }
  }

  /** Whether the adapter has to fetch the entry; it has it afterwards. */
  boolean misses(int key) {
    lookups++;
    if (slotOf.length == 0 || slotOf[key] != NOT_HELD) {
      return false;
    }
    misses++;
    int slot = random.nextInt(keyAt.length);
    slotOf[keyAt[slot]] = NOT_HELD;
    keyAt[slot] = key;
    slotOf[key] = slot;
    return true;
  }

  long lookups() {
    return lookups;
  }

  long misses() {
    return misses;
  }
}
