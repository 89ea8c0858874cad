package org.legosim.trace.pack;

/** One entry of the global order, without the accesses around it. Mutable and reused. */
final class Stamp {
  static final String[] NO_STRINGS = {};

  /** Kind of entry, as in {@code Ltrace}. */
  int kind;
  /** How often exec had been called in the process. */
  int image;

  long sequence;
  /** Record of the thread that this is; for an ORDER, the number of records before it. */
  long record;
  /** Of an atomic. */
  long address;

  int bytes;
  /** Of a system call, also when it returns, or a signal. */
  long number;

  final long[] arguments = new long[6];
  long result;
  String[] strings = NO_STRINGS;
}
