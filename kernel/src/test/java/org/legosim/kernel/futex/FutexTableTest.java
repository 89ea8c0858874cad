package org.legosim.kernel.futex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The hash against its author's vector; who is woken, and who is moved. */
class FutexTableTest {
  private static final int ANY = FutexCommand.MATCH_ANY;

  private final FutexTable table = new FutexTable();
  private final FutexBucket bucket = table.bucket(1, 0x1000);

  private FutexWaiter queued(int task, long address, int bitset) {
    FutexWaiter waiter = new FutexWaiter(task);
    bucket.announce();
    bucket.queue(waiter, 1, address, bitset);
    return waiter;
  }

  /** Bob Jenkins, lookup3.c: 30 bytes of text hash to 17770551. */
  @Test
  void hash_isLookup3() {
    ByteBuffer text = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    text.put("Four score and seven years ago".getBytes(StandardCharsets.US_ASCII));
    int[] words = new int[8];
    text.rewind().asIntBuffer().get(words);
    // the words count two bytes more than the text: the seed takes them back
    assertEquals(0x17770551, FutexTable.hash(words, -2));
    assertEquals(0xdeadbeef, FutexTable.hash(new int[0], 0));
  }

  @Test
  void keys_spreadOverAllBuckets() {
    int used = 0;
    for (long address = 0; address < 64 * 256; address += 64) {
      used |= 1 << table.bucket(7, 0x7f0000000000L + address).index();
    }
    assertEquals(0xffff, used);
  }

  @Test
  void wakes_goByPriorityThenByArrival() {
    FutexWaiter first = queued(1, 0x1000, ANY);
    FutexWaiter second = queued(2, 0x1000, ANY);
    FutexWaiter urgent = new FutexWaiter(3);
    urgent.setPriority(10);
    bucket.announce();
    bucket.queue(urgent, 1, 0x1000, ANY);
    assertEquals(2, bucket.wake(1, 0x1000, ANY, 2));
    assertTrue(urgent.isWoken() && first.isWoken());
    assertFalse(second.isWoken());
    assertTrue(second.isQueued());
  }

  @Test
  void aWake_meansOneKeyAndItsBits() {
    FutexWaiter other = queued(1, 0x1004, ANY);
    FutexWaiter low = queued(2, 0x1000, 1);
    FutexWaiter high = queued(3, 0x1000, 2);
    assertEquals(1, bucket.wake(1, 0x1000, 2, 10));
    assertFalse(other.isWoken() || low.isWoken());
    assertTrue(high.isWoken());
    assertEquals(0, bucket.wake(2, 0x1000, ANY, 10));
  }

  @Test
  void requeue_movesTheRestToTheOtherWord() {
    FutexWaiter first = queued(1, 0x1000, ANY);
    FutexWaiter second = queued(2, 0x1000, ANY);
    FutexBucket to = table.bucket(1, 0x9990);
    assertEquals(1, bucket.wake(1, 0x1000, ANY, 1));
    assertEquals(1, bucket.requeue(1, 0x1000, to, 1, 0x9990, 5));
    assertTrue(first.isWoken());
    assertEquals(0, bucket.wake(1, 0x1000, ANY, 5));
    assertEquals(1, to.wake(1, 0x9990, ANY, 5));
    assertTrue(second.isWoken());
    assertEquals(0, table.waiting());
  }

  @Test
  void aWaiterOnItsWay_makesAWakeLook() {
    assertFalse(bucket.mayHaveWaiters());
    bucket.announce();
    assertTrue(bucket.mayHaveWaiters());
    bucket.retract();
    assertFalse(bucket.mayHaveWaiters());
    FutexWaiter waiter = queued(1, 0x1000, ANY);
    bucket.remove(waiter);
    assertFalse(bucket.mayHaveWaiters() || waiter.isQueued() || waiter.isWoken());
  }
}
