package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Spin;

/**
 * Contexts that wait for one of many things, in the order of their arrival: at most one entry per
 * context, so a plain scan is fast, and a thing that nobody waits for costs one comparison. A waiter
 * that polls is resumed at its first poll at or after the event.
 */
@HotPath
final class WaitList {
  private ExecutionContext[] contexts = new ExecutionContext[4];
  private long[] keys = new long[4];
  private int[] subkeys = new int[4];
  private long[] startPs = new long[4];
  private long[] periodPs = new long[4];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** Adds a context that waits from now on and looks every {@code pollPs}; 0 = it is told. */
  void add(ExecutionContext context, long key, int subkey, long pollPs) {
    if (count == keys.length) {
      grow();
    }
    contexts[count] = context;
    keys[count] = key;
    subkeys[count] = subkey;
    startPs[count] = context.nowPs();
    periodPs[count++] = pollPs;
  }

  /** Removes and returns the first context that waits for {@code key}, or null. */
  @Nullable
  ExecutionContext removeFirst(long key) {
    for (int i = 0; i < count; i++) {
      if (keys[i] == key) {
        ExecutionContext found = contexts[i];
        removeAt(i);
        return found;
      }
    }
    return null;
  }

  /** Removes {@code context} if it waits here. */
  void remove(ExecutionContext context) {
    for (int i = 0; i < count; i++) {
      if (contexts[i] == context) {
        removeAt(i);
        return;
      }
    }
  }

  /** Wakes and removes everyone who waits for that, each at its next poll. */
  void wakeAll(long key, int subkey, ExecutionContext by) {
    int i = 0;
    while (i < count) {
      if (keys[i] == key && subkeys[i] == subkey) {
        contexts[i].wake(by.id(), Spin.noticePs(startPs[i], by.nowPs(), periodPs[i]));
        removeAt(i);
      } else {
        i++;
      }
    }
  }

  /** Wakes and removes everyone, each at its next poll. */
  void wakeEveryone(ExecutionContext by) {
    for (int i = 0; i < count; i++) {
      contexts[i].wake(by.id(), Spin.noticePs(startPs[i], by.nowPs(), periodPs[i]));
    }
    count = 0;
  }

  private void removeAt(int index) {
    count--;
    for (int i = index; i < count; i++) {
      contexts[i] = contexts[i + 1];
      keys[i] = keys[i + 1];
      subkeys[i] = subkeys[i + 1];
      startPs[i] = startPs[i + 1];
      periodPs[i] = periodPs[i + 1];
    }
  }

  private void grow() {
    contexts = Arrays.copyOf(contexts, 2 * count);
    keys = Arrays.copyOf(keys, 2 * count);
    subkeys = Arrays.copyOf(subkeys, 2 * count);
    startPs = Arrays.copyOf(startPs, 2 * count);
    periodPs = Arrays.copyOf(periodPs, 2 * count);
  }
}
