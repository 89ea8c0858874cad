package org.legosim.kernel.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.engine.HotPath;

/**
 * Objects by a long key: open addressing, look-ups without allocation. Only {@link #sortedKeys} gives
 * an order, and it is that of the keys.
 */
final class LongMap<V> {
  private static final int SLOTS_MIN = 16;

  private long[] keys = new long[SLOTS_MIN];
  private @Nullable Object[] values = new @Nullable Object[SLOTS_MIN];
  private int size;

  int size() {
    return size;
  }

  @HotPath
  @SuppressWarnings("unchecked")
  @Nullable
  V get(long key) {
    int slot = slotOf(key);
    while (values[slot] != null) {
      if (keys[slot] == key) {
        return (V) values[slot];
      }
      slot = (slot + 1) & (keys.length - 1);
    }
    return null;
  }

  void put(long key, V value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int slot = slotOf(key);
    while (values[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    if (values[slot] == null) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  void remove(long key) {
    int mask = keys.length - 1;
    int hole = slotOf(key);
    while (values[hole] != null && keys[hole] != key) {
      hole = (hole + 1) & mask;
    }
    if (values[hole] == null) {
      return;
    }
    size--;
    // Close the gap: move up whatever would no longer be found behind it.
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (values[next] == null) {
        break;
      }
      int home = slotOf(keys[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        values[hole] = values[next];
        hole = next;
      }
    }
    values[hole] = null;
  }

  /** Receives a key and its value. */
  interface Visitor<V> {
    void entry(long key, V value);
  }

  /** Visits every entry, lowest key first. */
  void forEach(Visitor<V> visitor) {
    for (long key : sortedKeys()) {
      V value = get(key);
      if (value != null) {
        visitor.entry(key, value);
      }
    }
  }

  long[] sortedKeys() {
    long[] sorted = new long[size];
    int count = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      if (values[slot] != null) {
        sorted[count++] = keys[slot];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private int slotOf(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
  }

  @SuppressWarnings("unchecked")
  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new @Nullable Object[keys.length];
    size = 0;
    for (int slot = 0; slot < oldKeys.length; slot++) {
      Object value = oldValues[slot];
      if (value != null) {
        put(oldKeys[slot], (V) value);
      }
    }
  }
}
