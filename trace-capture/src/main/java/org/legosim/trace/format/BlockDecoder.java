package org.legosim.trace.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.Sites;

/**
 * Decodes the accesses of one block at a time. Hot: one call fills up to a batch, from primitive
 * arrays that are reused from block to block; nothing is allocated per access.
 *
 * <p>A block that a checksum vouches for can still be wrong, if its writer was. Every stream's end is
 * checked at the end of each call and every site before it is used, so that such a block is refused
 * and never reads outside its arrays.
 */
public final class BlockDecoder implements Sites {
  /** Bytes of the array behind the payload that may be read, though their values are not used. */
  static final int READS_BEYOND_BYTES = Integer.BYTES - 1;

  private static final int FEWEST_SITES = 64;
  private static final int NO_MISS = Ltrace.ALL_HIT;
  private static final int LAST_SHIFT = 63;
  private static final String MISPLACED_TOKEN = "a token is not allowed where it stands";
  private static final VarHandle LITTLE_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  /** The bits that are clear in a number's last byte, of four bytes. */
  private static final int ENDS_IN_INT = 0x80808080;

  private final String name;
  private final ByteSource definitions;
  // All entries begin as site 0, which the first access of a block defines: a prediction always
  // names a site that exists, and the loop need not check it.
  private final short[] context = new short[Ltrace.CONTEXTS];
  private long[] last = {};
  private long[] stride = {};
  /** Shape in the high half; the instructions that the next access is expected to bring in the low one. */
  private long[] shapeAndInstructions = {};

  private long[] programCounter = {};
  private int[] descriptor = {};
  private int[] addressRegisters = {};
  private int[] definedRegister = {};

  private byte[] bytes = {};
  private long offset;
  private int tokAt;
  private int tokEnd;
  private int siteAt;
  private int siteEnd;
  private int addrAt;
  private int addrEnd;
  private int icAt;
  private int icEnd;
  private int declaredSites;
  private int siteCount;
  private int descriptorsSeen;
  private long lastPc;
  private int site1;
  private int site2;
  private long previous;
  // What is left of the token at which the last call stopped.
  private int run;
  private int miss;

  /** @param name of the file, for messages */
  public BlockDecoder(String name) {
    this.name = name;
    this.definitions = new ByteSource(name);
  }

  /**
   * Starts at the first access of a block.
   *
   * @param raw the payload and at least {@link #READS_BEYOND_BYTES} further bytes; must stay as it is
   *     until the block is decoded
   */
  public void begin(byte[] raw, BlockHeader header, long blockOffset) {
    bytes = raw;
    offset = blockOffset;
    tokAt = 0;
    tokEnd = header.tokBytes;
    siteAt = tokEnd;
    siteEnd = siteAt + header.siteBytes;
    addrAt = siteEnd;
    addrEnd = addrAt + header.addrBytes;
    icAt = addrEnd;
    icEnd = icAt + header.icBytes;
    declaredSites = header.sites;
    if (last.length < declaredSites) {
      growSites(declaredSites);
    }
    if (siteCount > 0) {
      Arrays.fill(context, (short) 0);
    }
    siteCount = 0;
    lastPc = 0;
    site1 = 0;
    site2 = 0;
    previous = 0;
    run = 0;
    miss = NO_MISS;
  }

  /**
   * Decodes exactly {@code count} accesses into the batch's columns, from index 0.
   *
   * @throws TraceException when the block does not hold them
   */
  public void decode(AccessBatch batch, int count) {
    try {
      decodeColumns(batch.address, batch.shape, batch.instructions, batch.site, count);
    } catch (IndexOutOfBoundsException e) {
      throw Damage.at(name, offset, "in the block at this place, a stream is too short", e);
    }
    batch.sites = this;
    if (tokAt > tokEnd || siteAt > siteEnd || addrAt > addrEnd || icAt > icEnd) {
      throw damage("a stream is too short");
    }
  }

  /** Call after the last access: every stream must be used up. */
  public void finish() {
    boolean isUsedUp = tokAt == tokEnd && siteAt == siteEnd && addrAt == addrEnd && icAt == icEnd;
    if (!isUsedUp || run != 0 || miss != NO_MISS || siteCount != declaredSites) {
      throw damage("a stream is longer than its accesses");
    }
  }

  @Override
  public long programCounter(int site) {
    return programCounter[site];
  }

  @Override
  public int addressRegisters(int site) {
    return addressRegisters[site];
  }

  @Override
  public int definedRegister(int site) {
    return definedRegister[site];
  }

  /** Sites defined so far; indices below it are valid. */
  public int siteCount() {
    return siteCount;
  }

  public boolean isPcKnown(int site) {
    return (descriptor[site] & Ltrace.SITE_PC_KNOWN) != 0;
  }

  public boolean areRegistersKnown(int site) {
    return (descriptor[site] & Ltrace.SITE_REGISTERS_KNOWN) != 0;
  }

  /** Bits of the site as the format has them: 8 for a known address, 9 for known registers. */
  public int descriptor(int site) {
    return descriptor[site];
  }

  /** Whether any site of any block so far had a known instruction address. */
  public boolean hasSeenPc() {
    return (descriptorsSeen & Ltrace.SITE_PC_KNOWN) != 0;
  }

  /** Whether any site of any block so far had known registers. */
  public boolean hasSeenRegisters() {
    return (descriptorsSeen & Ltrace.SITE_REGISTERS_KNOWN) != 0;
  }

  /** The instruction's address, or {@link Ltrace#NO_PC}. */
  public long pcOrNone(int site) {
    return isPcKnown(site) ? programCounter[site] : Ltrace.NO_PC;
  }

  // One loop over tokens. The state lives in locals, because the compiler keeps no field in a
  // register across array stores, and the context's mask is its length, which saves a check of
  // bounds: DecodeBenchmark.
  private void decodeColumns(long[] address, int[] shapes, int[] counts, int[] sites, int count) {
    final byte[] b = bytes;
    final short[] contexts = context;
    final long[] lasts = last;
    final long[] strides = stride;
    final long[] expected = shapeAndInstructions;
    int tok = tokAt;
    int addr = addrAt;
    int left = run;
    int flags = miss;
    int p1 = site1;
    int p2 = site2;
    long a = previous;
    int k = 0;
    if (siteCount == 0) {
      checkFirstToken();
    }
    while (k < count) {
      if (left == 0 && flags == NO_MISS) {
        int token = b[tok++];
        left = token >>> Ltrace.RUN_SHIFT & Ltrace.MAX_RUN;
        flags = token & Ltrace.ALL_HIT;
        if (token == NO_MISS) {
          throw damage(MISPLACED_TOKEN);
        }
      }
      if (left != 0) {
        int end = Math.min(k + left, count);
        left -= end - k;
        for (; k < end; k++) {
          int s = contexts[Ltrace.contextOf(p1, p2) & contexts.length - 1];
          a = lasts[s] + strides[s];
          lasts[s] = a;
          long shapeAndCount = expected[s];
          address[k] = a;
          shapes[k] = (int) (shapeAndCount >>> Integer.SIZE);
          counts[k] = (int) shapeAndCount;
          sites[k] = s;
          p2 = p1;
          p1 = s;
        }
        if (k == count || flags == NO_MISS) {
          continue;
        }
      }
      int h = Ltrace.contextOf(p1, p2) & contexts.length - 1;
      int s = contexts[h];
      boolean isNew = false;
      if ((flags & Ltrace.SITE_HIT) == 0) {
        int known = siteCount;
        s = readSite(a);
        isNew = s == known;
        contexts[h] = (short) s;
      }
      long base = lasts[s];
      if ((flags & Ltrace.ADDRESS_HIT) != 0) {
        a = base + strides[s];
      } else {
        // Lengths of 2 and 3 bytes follow each other at random, so a loop over bytes would be
        // mispredicted every second time: up to 4 bytes take no branch. See DecodeBenchmark.
        int word = (int) LITTLE_ENDIAN_INT.get(b, addr);
        int ends = ~word & ENDS_IN_INT;
        if (ends != 0) {
          addr += (Integer.numberOfTrailingZeros(ends) + 1) / Byte.SIZE;
          int value = compact(word & (ends ^ ends - 1));
          a = base + (value >>> 1 ^ -(value & 1));
        } else {
          addrAt = addr;
          a = base + readAddressDelta();
          addr = addrAt;
        }
      }
      strides[s] = isNew ? 0 : a - base;
      lasts[s] = a;
      long shapeAndCount = expected[s];
      if ((flags & Ltrace.INSTRUCTIONS_HIT) == 0) {
        shapeAndCount = shapeAndCount >>> Integer.SIZE << Integer.SIZE | readInstructions();
        expected[s] = shapeAndCount;
      }
      address[k] = a;
      shapes[k] = (int) (shapeAndCount >>> Integer.SIZE);
      counts[k] = (int) shapeAndCount;
      sites[k] = s;
      p2 = p1;
      p1 = s;
      k++;
      flags = NO_MISS;
    }
    tokAt = tok;
    addrAt = addr;
    run = left;
    miss = flags;
    site1 = p1;
    site2 = p2;
    previous = a;
  }

  /** Before a site is defined there is nothing to predict from: the first access defines one. */
  private void checkFirstToken() {
    int token = bytes[tokAt];
    if ((token >>> Ltrace.RUN_SHIFT & Ltrace.MAX_RUN) != 0 || (token & Ltrace.SITE_HIT) != 0) {
      throw damage(MISPLACED_TOKEN);
    }
  }

  /** The seven low bits of each byte, joined. */
  private static int compact(int word) {
    return (word & 0x7f)
        | (word >>> 1 & 0x3f80)
        | (word >>> 2 & 0x1f_c000)
        | (word >>> 3 & 0xfe0_0000);
  }

  private long readAddressDelta() {
    final byte[] b = bytes;
    int at = addrAt;
    int c = b[at++];
    long value = c & 0x7f;
    for (int shift = 7; c < 0; shift += 7) {
      if (shift > LAST_SHIFT) {
        throw damage("a number is longer than 10 bytes");
      }
      c = b[at++];
      value |= (long) (c & 0x7f) << shift;
    }
    addrAt = at;
    return value >>> 1 ^ -(value & 1);
  }

  private int readInstructions() {
    final byte[] b = bytes;
    int c = b[icAt++];
    long value = c & 0x7f;
    for (int shift = 7; c < 0; shift += 7) {
      c = b[icAt++];
      value |= (long) (c & 0x7f) << shift;
      if (value > Integer.MAX_VALUE || shift > LAST_SHIFT) {
        throw damage("an instruction count is beyond its limit");
      }
    }
    return (int) value;
  }

  /** Reads a site's number, and its definition when it is the next one. */
  private int readSite(long previousAddress) {
    definitions.reset(bytes, siteAt, siteEnd, offset);
    int s = definitions.count(siteCount, "a site");
    if (s == siteCount) {
      defineSite(s);
      last[s] = previousAddress;
      stride[s] = 0;
    }
    siteAt = definitions.position();
    return s;
  }

  private void defineSite(int s) {
    if (s == declaredSites) {
      throw damage("more sites are defined than the block declares");
    }
    int bits = definitions.count((Ltrace.SITE_REGISTERS_KNOWN << 1) - 1, "a site's descriptor");
    int kind = bits & (1 << Ltrace.SITE_SIZE_SHIFT) - 1;
    int sizeBytes = (bits & Ltrace.SITE_PC_KNOWN - 1) >>> Ltrace.SITE_SIZE_SHIFT;
    shapeAndInstructions[s] = (long) AccessBatch.shapeOf(kind, sizeBytes + 1) << Integer.SIZE;
    descriptor[s] = bits;
    descriptorsSeen |= bits;
    if ((bits & Ltrace.SITE_PC_KNOWN) != 0) {
      lastPc += definitions.zigzag();
      programCounter[s] = lastPc;
    } else {
      programCounter[s] = 0;
    }
    addressRegisters[s] = 0;
    definedRegister[s] = NO_REGISTER;
    if ((bits & Ltrace.SITE_REGISTERS_KNOWN) != 0) {
      long set = definitions.varint();
      int defined = definitions.byteValue();
      if (set >>> Ltrace.REGISTERS != 0
          || (defined >= Ltrace.REGISTERS && defined != Ltrace.NO_REGISTER_BYTE)) {
        throw damage("a site names a register that does not exist");
      }
      addressRegisters[s] = (int) set;
      definedRegister[s] = defined == Ltrace.NO_REGISTER_BYTE ? NO_REGISTER : defined;
    }
    siteCount = s + 1;
  }

  private void growSites(int sites) {
    int length = Math.max(FEWEST_SITES, Integer.highestOneBit(Math.max(1, sites - 1)) << 1);
    last = new long[length];
    stride = new long[length];
    shapeAndInstructions = new long[length];
    programCounter = new long[length];
    descriptor = new int[length];
    addressRegisters = new int[length];
    definedRegister = new int[length];
  }

  private TraceException damage(String what) {
    return Damage.at(name, offset, "in the block at this place, " + what);
  }
}
