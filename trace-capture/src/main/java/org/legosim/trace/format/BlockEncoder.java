package org.legosim.trace.format;

import java.util.Arrays;
import java.util.List;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Sites;

/**
 * Encodes one thread's records, block after block: the writer's side of {@link BlockDecoder}. The caller
 * asks {@link #hasRoom} before each record and takes the block when there is none.
 */
public final class BlockEncoder {
  /** More than any access takes: token, site with registers, address, instructions, entry. */
  private static final int MOST_ACCESS_BYTES = 64;
  /** An event without its strings. */
  private static final int MOST_EVENT_BYTES = 128;

  private static final int INITIAL_BYTES = 1 << 12;
  private static final int INITIAL_SITES = 64;

  private final ByteSink tok = new ByteSink(INITIAL_BYTES);
  private final ByteSink site = new ByteSink(INITIAL_BYTES);
  private final ByteSink addr = new ByteSink(INITIAL_BYTES);
  private final ByteSink ic = new ByteSink(INITIAL_BYTES);
  private final ByteSink evt = new ByteSink(INITIAL_BYTES);
  private final short[] context = new short[Ltrace.CONTEXTS];
  private final SiteTable sites = new SiteTable(INITIAL_SITES);
  private long[] last = new long[INITIAL_SITES];
  private long[] stride = new long[INITIAL_SITES];
  private int[] expected = new int[INITIAL_SITES];
  private int accesses;
  private int entries;
  private int run;
  private int site1;
  private int site2;
  private long previous;
  private long lastPc;
  private long firstSequence;
  private long lastSequence;
  private int lastEntryAccess;

  public boolean isEmpty() {
    return accesses == 0 && entries == 0;
  }

  /** Whether a record with so many bytes of strings still fits into the block; an access has none. */
  public boolean hasRoom(int stringBytes) {
    long more = stringBytes + 4L * Ltrace.MAX_STRINGS + MOST_ACCESS_BYTES + MOST_EVENT_BYTES;
    return accesses < Ltrace.MAX_ACCESSES
        && entries < Ltrace.MAX_ENTRIES
        && sites.size() < Ltrace.MAX_SITES
        && rawBytes() + more <= Ltrace.MAX_RAW_BYTES;
  }

  /**
   * Adds an access.
   *
   * @param shape as in {@link AccessBatch#shape}
   * @param pc instruction address or {@link Ltrace#NO_PC}
   * @param registers bits 0-31 address registers, 32-39 defined register + 1; negative when not known
   */
  public void access(int shape, long address, int instructions, long pc, long registers) {
    int before = sites.size();
    int s = sites.find(shape, pc, registers);
    boolean isNew = s == before;
    if (isNew) {
      growTo(s);
      last[s] = previous;
      stride[s] = 0;
      expected[s] = 0;
    }
    int h = Ltrace.contextOf(site1, site2);
    long base = last[s];
    boolean isSiteHit = !isNew && context[h] == s;
    boolean isAddressHit = address == base + stride[s];
    boolean isCountHit = instructions == expected[s];
    if (isSiteHit && isAddressHit && isCountHit) {
      run++;
      if (run == Ltrace.MAX_RUN) {
        flushRun();
      }
    } else {
      int flags = (isSiteHit ? Ltrace.SITE_HIT : 0)
          | (isAddressHit ? Ltrace.ADDRESS_HIT : 0)
          | (isCountHit ? Ltrace.INSTRUCTIONS_HIT : 0);
      tok.putByte(run << Ltrace.RUN_SHIFT | flags);
      run = 0;
      if (!isSiteHit) {
        site.putVarint(s);
        if (isNew) {
          define(shape, pc, registers);
        }
      }
      if (!isAddressHit) {
        addr.putZigzag(address - base);
      }
      if (!isCountHit) {
        ic.putVarint(instructions);
      }
    }
    context[h] = (short) s;
    stride[s] = isNew ? 0 : address - base;
    last[s] = address;
    expected[s] = instructions;
    site2 = site1;
    site1 = s;
    previous = address;
    accesses++;
  }

  /** Announces the sequence number of the atomic access that is added next. */
  public void atomic(long sequence) {
    startEntry(Ltrace.ATOMIC, sequence);
  }

  public void order(long sequence) {
    startEntry(Ltrace.ORDER, sequence);
  }

  public void enter(
      long sequence,
      long instructions,
      long number,
      long[] arguments,
      int count,
      List<byte[]> strings) {
    startEntry(Ltrace.SYSCALL_ENTER, sequence);
    evt.putVarint(instructions);
    evt.putVarint(number);
    evt.putByte(count);
    for (int i = 0; i < count; i++) {
      evt.putZigzag(arguments[i]);
    }
    putStrings(strings);
  }

  public void result(long sequence, long result, List<byte[]> strings) {
    startEntry(Ltrace.SYSCALL_RETURN, sequence);
    evt.putZigzag(result);
    putStrings(strings);
  }

  public void signal(long sequence, long number) {
    startEntry(Ltrace.SIGNAL, sequence);
    evt.putVarint(number);
  }

  public void exec(long sequence) {
    startEntry(Ltrace.EXEC, sequence);
  }

  public void exit(long sequence) {
    startEntry(Ltrace.EXIT, sequence);
  }

  public void mark(long sequence, byte[] name) {
    startEntry(Ltrace.MARK, sequence);
    evt.putVarint(name.length);
    evt.putBytes(name);
  }

  /** Completes the block: fills in the header's counts and lengths. Then {@link #streams} holds the payload. */
  public void complete(BlockHeader header) {
    flushRun();
    header.accesses = accesses;
    header.entries = entries;
    header.sites = sites.size();
    header.tokBytes = tok.size();
    header.siteBytes = site.size();
    header.addrBytes = addr.size();
    header.icBytes = ic.size();
    header.evtBytes = evt.size();
    header.rawBytes = (int) rawBytes();
    header.firstSequence = firstSequence;
  }

  /** The streams in the order of the payload. */
  public List<ByteSink> streams() {
    return List.of(tok, site, addr, ic, evt);
  }

  /** Begins the next block. */
  public void reset() {
    streams().forEach(ByteSink::clear);
    if (accesses > 0) {
      Arrays.fill(context, (short) 0);
      sites.clear();
    }
    accesses = 0;
    entries = 0;
    run = 0;
    site1 = 0;
    site2 = 0;
    previous = 0;
    lastPc = 0;
    firstSequence = 0;
    lastSequence = 0;
    lastEntryAccess = 0;
  }

  /** The argument {@code registers} of {@link #access} for known registers. */
  public static long registersOf(int addressRegisters, int definedRegister) {
    int defined = definedRegister == Sites.NO_REGISTER ? 0 : definedRegister + 1;
    return (long) defined << Ltrace.REGISTERS | (addressRegisters & 0xffff_ffffL);
  }

  private long rawBytes() {
    return (long) tok.size() + site.size() + addr.size() + ic.size() + evt.size();
  }

  private void define(int shape, long pc, long registers) {
    int kind = AccessBatch.kindOf(shape);
    assert kind >= AccessKind.FETCH && kind <= AccessKind.ATOMIC;
    int bits = kind | (AccessBatch.bytesOf(shape) - 1) << Ltrace.SITE_SIZE_SHIFT;
    bits |= pc == Ltrace.NO_PC ? 0 : Ltrace.SITE_PC_KNOWN;
    bits |= registers < 0 ? 0 : Ltrace.SITE_REGISTERS_KNOWN;
    site.putVarint(bits);
    if (pc != Ltrace.NO_PC) {
      site.putZigzag(pc - lastPc);
      lastPc = pc;
    }
    if (registers >= 0) {
      site.putVarint(registers & 0xffff_ffffL);
      int defined = (int) (registers >>> Ltrace.REGISTERS);
      site.putByte(defined == 0 ? Ltrace.NO_REGISTER_BYTE : defined - 1);
    }
  }

  private void flushRun() {
    if (run > 0) {
      tok.putByte(run << Ltrace.RUN_SHIFT | Ltrace.ALL_HIT);
      run = 0;
    }
  }

  private void startEntry(int kind, long sequence) {
    evt.putVarint(accesses - lastEntryAccess);
    evt.putVarint(entries == 0 ? 0 : sequence - lastSequence);
    evt.putByte(kind);
    if (entries == 0) {
      firstSequence = sequence;
    }
    lastSequence = sequence;
    lastEntryAccess = accesses;
    entries++;
  }

  private void putStrings(List<byte[]> strings) {
    evt.putVarint(strings.size());
    for (byte[] string : strings) {
      evt.putVarint(string.length);
      evt.putBytes(string);
    }
  }

  private void growTo(int s) {
    if (s >= last.length) {
      last = Arrays.copyOf(last, 2 * s);
      stride = Arrays.copyOf(stride, 2 * s);
      expected = Arrays.copyOf(expected, 2 * s);
    }
  }
}
