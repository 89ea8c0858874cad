package org.legosim.timing.trace;

/**
 * A reusable buffer of one thread's records in primitive columns: either a run of accesses or one
 * event. Filled by an {@link AccessSource}, read by the models; nothing is allocated per access.
 */
public final class AccessBatch {
  /** Most accesses that one batch holds. */
  public static final int CAPACITY = 4096;

  private static final int KIND_SHIFT = 8;
  private static final int BYTES_MASK = 0xff;
  private static final int KIND_MASK = 0x3;

  /** Virtual address of the first byte. */
  public final long[] address = new long[CAPACITY];
  /** Bytes in bits 0-7 (1 to 64 after coalescing), {@link AccessKind} in bits 8-9. */
  public final int[] shape = new int[CAPACITY];
  /** Instructions retired since this thread's previous record, this one included. */
  public final int[] instructions = new int[CAPACITY];
  /** Index into {@link #sites}, or {@link Sites#UNKNOWN}. */
  public final int[] site = new int[CAPACITY];

  /** Accesses filled; 0 for an event. */
  public int count;
  /** Position in its thread (accesses and events both count) of the first record of this batch. */
  public long firstRecord;
  /** The static sites that {@link #site} refers to; valid until the source's next call. */
  public Sites sites = Sites.NONE;

  /** The event, when the source returned {@link AccessSource#EVENT}. */
  public EventKind eventKind = EventKind.MARK;
  /** System call or signal number. */
  public long eventNumber;
  /** Instructions since the thread's previous record. */
  public long eventInstructions;
  /** Place in the captured global order. */
  public long eventSequence;

  public final long[] eventArguments = new long[6];
  /** Result of a returning system call. */
  public long eventResult;
  /** Decoded paths of a system call, or the name of a mark; empty when there are none. */
  public String[] eventStrings = {};

  public static int shapeOf(int kind, int bytes) {
    return kind << KIND_SHIFT | bytes;
  }

  public static int bytesOf(int shape) {
    return shape & BYTES_MASK;
  }

  public static int kindOf(int shape) {
    return shape >> KIND_SHIFT & KIND_MASK;
  }
}
