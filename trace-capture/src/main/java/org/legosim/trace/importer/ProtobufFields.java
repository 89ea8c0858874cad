package org.legosim.trace.importer;

import java.util.Arrays;

/** The number fields of one protocol buffer message, by field number; other fields are passed over. */
final class ProtobufFields {
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_64_BITS = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_32_BITS = 5;
  private static final int MOST_VARINT_BYTES = 10;

  private final long[] value;
  private final boolean[] isPresent;
  private byte[] bytes = {};
  private int at;
  private int end;
  private boolean isDamaged;

  /** @param fields one more than the highest number of interest */
  ProtobufFields(int fields) {
    value = new long[fields];
    isPresent = new boolean[fields];
  }

  long get(int field, long absent) {
    return isPresent[field] ? value[field] : absent;
  }

  /** @return whether the message is well formed */
  boolean read(byte[] message, int length) {
    Arrays.fill(isPresent, false);
    bytes = message;
    at = 0;
    end = length;
    isDamaged = false;
    while (at < end && !isDamaged) {
      long key = varint();
      readField((int) (key >>> 3), (int) key & 7);
    }
    return !isDamaged && at == end;
  }

  private void readField(int field, int wire) {
    switch (wire) {
      case WIRE_VARINT -> {
        long number = varint();
        if (field > 0 && field < value.length) {
          value[field] = number;
          isPresent[field] = true;
        }
      }
      case WIRE_64_BITS -> at += Long.BYTES;
      case WIRE_32_BITS -> at += Integer.BYTES;
      case WIRE_BYTES -> {
        long length = varint();
        if (length < 0 || length > end - at) {
          isDamaged = true;
        } else {
          at += (int) length;
        }
      }
      default -> isDamaged = true;
    }
  }

  private long varint() {
    long number = 0;
    for (int i = 0; i < MOST_VARINT_BYTES && at < end; i++) {
      byte b = bytes[at++];
      number |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return number;
      }
    }
    isDamaged = true;
    return 0;
  }
}
