package org.legosim.trace.format;

import java.util.Arrays;
import org.legosim.timing.TraceException;

/** Reads the event stream of one block at a time: where each entry stands, and what it says. */
public final class EntryReader {
  private static final String[] NO_STRINGS = {};
  private static final int ARGUMENTS = 6;

  /** Kind of the current entry, as in {@link Ltrace}. */
  public int kind;
  /** Accesses of the block before the current entry. */
  public int accessIndex;

  public long sequence;
  public long instructions;
  /** Number of a system call or signal. */
  public long number;

  public final long[] arguments = new long[ARGUMENTS];
  public int argumentCount;
  public long result;
  public String[] strings = NO_STRINGS;

  private final ByteSource source;
  private int accesses;
  private int left;
  private boolean isFirst;

  /** @param name of the file, for messages */
  public EntryReader(String name) {
    source = new ByteSource(name);
  }

  /** Starts before the first entry of a block. */
  public void begin(byte[] raw, BlockHeader header, long blockOffset) {
    source.reset(raw, header.rawBytes - header.evtBytes, header.rawBytes, blockOffset);
    accesses = header.accesses;
    left = header.entries;
    accessIndex = 0;
    sequence = header.firstSequence;
    isFirst = true;
  }

  /**
   * Moves to the next entry.
   *
   * @return whether there is one
   */
  public boolean next() {
    if (left == 0) {
      if (!source.isAtEnd()) {
        throw source.damage("the event stream is longer than its entries");
      }
      return false;
    }
    left--;
    accessIndex += source.count(accesses - accessIndex, "the place of an entry");
    long step = source.varint();
    if (isFirst != (step == 0) || sequence + step < sequence) {
      throw source.damage("a sequence number does not increase");
    }
    isFirst = false;
    sequence += step;
    kind = source.byteValue();
    strings = NO_STRINGS;
    switch (kind) {
      case Ltrace.SYSCALL_ENTER -> readEnter();
      case Ltrace.SYSCALL_RETURN -> {
        result = source.zigzag();
        readStrings();
      }
      case Ltrace.SIGNAL -> number = source.varint();
      case Ltrace.MARK -> strings = new String[] {source.string(Ltrace.MAX_MARK_BYTES)};
      case Ltrace.EXEC, Ltrace.EXIT, Ltrace.ORDER -> {}
      case Ltrace.ATOMIC -> {
        if (accessIndex == accesses) {
          throw source.damage("an atomic's sequence number has no access");
        }
      }
      default -> throw source.damage("entry kind " + kind + " is unknown");
    }
    return true;
  }

  public TraceException damage(String what) {
    return source.damage(what);
  }

  private void readEnter() {
    instructions = source.varint();
    if (instructions < 0) {
      throw source.damage("an instruction count is beyond its limit");
    }
    number = source.varint();
    argumentCount = source.byteValue();
    if (argumentCount > ARGUMENTS) {
      throw source.damage("a system call has " + argumentCount + " arguments");
    }
    Arrays.fill(arguments, 0);
    for (int i = 0; i < argumentCount; i++) {
      arguments[i] = source.zigzag();
    }
    readStrings();
  }

  private void readStrings() {
    int count = source.count(Ltrace.MAX_STRINGS, "the number of strings");
    if (count == 0) {
      return;
    }
    strings = new String[count];
    int before = source.position();
    for (int i = 0; i < count; i++) {
      strings[i] = source.string(Ltrace.MAX_STRING_BYTES);
    }
    // Each length takes one to three bytes of what was read.
    if (source.position() - before > Ltrace.MAX_STRING_BYTES + 3 * count) {
      throw source.damage("the strings of an event are too long");
    }
  }
}
