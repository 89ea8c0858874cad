package org.legosim.kernel.futex;

import java.util.ArrayList;
import java.util.List;

/**
 * The futex queues of one kernel: {@value #BUCKETS} buckets that the hash of a key chooses.
 *
 * <p>Source: LegoOS {@code kernel/futex.c}, {@code include/lego/jhash.h} (Bob Jenkins' lookup3).
 */
public final class FutexTable {
  static final int BUCKETS = 16;

  private static final int PAGE_MASK = 4095;
  private static final int INITIAL = 0xdeadbeef;

  private final List<FutexBucket> buckets = new ArrayList<>();

  /** Empty queues. */
  public FutexTable() {
    for (int index = 0; index < BUCKETS; index++) {
      buckets.add(new FutexBucket(index));
    }
  }

  /**
   * The bucket of a key.
   *
   * @param owner the address space of a private key, the object behind a shared one
   * @param address of the word in its owner
   */
  public FutexBucket bucket(long owner, long address) {
    long page = address & ~PAGE_MASK;
    int[] words = {(int) page, (int) (page >>> 32), (int) owner, (int) (owner >>> 32)};
    return buckets.get(hash(words, (int) address & PAGE_MASK) & (BUCKETS - 1));
  }

  /** Waiters in all queues. */
  public int waiting() {
    int sum = 0;
    for (FutexBucket bucket : buckets) {
      sum += bucket.size();
    }
    return sum;
  }

  /** jhash2: lookup3's hashword. */
  static int hash(int[] words, int seed) {
    int a = INITIAL + (words.length << 2) + seed;
    int b = a;
    int c = a;
    int at = 0;
    int left = words.length;
    while (left > 3) {
      a += words[at];
      b += words[at + 1];
      c += words[at + 2];
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
      at += 3;
      left -= 3;
    }
    if (left == 0) {
      return c;
    }
    c += left > 2 ? words[at + 2] : 0;
    b += left > 1 ? words[at + 1] : 0;
    a += words[at];
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
