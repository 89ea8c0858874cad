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
  /** Of a system call, also when it returns, or a signal; the instruction's address of an atomic, 0 when unknown. */
  long number;

  /** Plain stores since the thread's stamp before, to words on which it had done atomic accesses: at most as many as fit. */
  static final int STORES_MAX = 64;

  int stores;
  final long[] storeAddress = new long[STORES_MAX];
  final long[] storeRecord = new long[STORES_MAX];

  final long[] arguments = new long[6];
  long result;
  String[] strings = NO_STRINGS;
}
