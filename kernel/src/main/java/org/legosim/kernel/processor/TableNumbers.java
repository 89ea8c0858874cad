package org.legosim.kernel.processor;

import org.legosim.timing.engine.HotPath;

/**
 * Numbers page-table pages in the order in which they are first asked for. An open hash table in
 * primitive columns: every page walk asks once per level, and nothing is allocated unless a table
 * page is new. ReplayBenchmark with a hierarchy.
 */
@HotPath
final class TableNumbers {
  private static final int INITIAL_SLOTS = 1 << 10;
  private static final int LEVEL_BITS = 3;
  private static final long HASH_INDEX = 0x9E3779B97F4A7C15L;
  private static final long HASH_OWNER = 0xC2B2AE3D27D4EB4FL;

  private long[] indices = new long[INITIAL_SLOTS];
  /** Space and level, joined. */
  private long[] owners = new long[INITIAL_SLOTS];
  /** Number plus one; 0 where nothing is. */
  private int[] numbers = new int[INITIAL_SLOTS];

  private int count;

  /**
   * @param level of the table, below 8
   * @param index which of its level's tables: the page number without the bits that select the entry
   */
  int numberOf(int space, int level, long index) {
    long owner = (long) space << LEVEL_BITS | level;
    int slot = slotOf(owner, index);
    if (numbers[slot] == 0) {
      if (2 * count >= numbers.length) {
        grow();
        slot = slotOf(owner, index);
      }
      indices[slot] = index;
      owners[slot] = owner;
      numbers[slot] = ++count;
    }
    return numbers[slot] - 1;
  }

  /** Where the table is, or the free place where it belongs. */
  private int slotOf(long owner, long index) {
    int mask = numbers.length - 1;
    int slot = (int) ((index * HASH_INDEX ^ owner * HASH_OWNER) >>> Integer.SIZE) & mask;
    while (numbers[slot] != 0 && (indices[slot] != index || owners[slot] != owner)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldIndices = indices;
    long[] oldOwners = owners;
    int[] oldNumbers = numbers;
    int length = 2 * oldNumbers.length;
    indices = new long[length];
    owners = new long[length];
    numbers = new int[length];
    for (int i = 0; i < oldNumbers.length; i++) {
      if (oldNumbers[i] != 0) {
        int slot = slotOf(oldOwners[i], oldIndices[i]);
        indices[slot] = oldIndices[i];
        owners[slot] = oldOwners[i];
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}
