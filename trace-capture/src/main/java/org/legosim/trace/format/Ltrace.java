package org.legosim.trace.format;

/** Numbers of the native format, version 1. */
public final class Ltrace {
  public static final int VERSION = 1;
  public static final int FILE_HEADER_BYTES = 64;
  public static final int BLOCK_HEADER_BYTES = 88;
  public static final int FOOTER_BYTES = 40;
  public static final int PAGE_BYTES = 4096;
  public static final int PAGE_SHIFT = 12;

  /** {@code LTRACE}, SUB, LF: a transfer that rewrites line ends destroys it visibly. */
  public static final long FILE_MAGIC = 0x0a1a_4543_4152_544cL;

  public static final int BLOCK_MAGIC = 0x3142_544c;
  public static final long FOOTER_MAGIC = 0x5849_4543_4152_544cL;

  public static final int ARCHITECTURE_X86_64 = 62;

  // Kinds of block.
  public static final int RECORDS = 1;
  public static final int PROCESS = 2;
  public static final int IMAGE = 3;
  public static final int REMARK = 4;
  public static final int GATES = 5;
  public static final int INDEX = 6;

  // Codecs of a payload.
  public static final int STORED = 0;
  public static final int DEFLATE = 1;

  /** Flag of a block: no record of its thread follows. */
  public static final int LAST = 1;

  // Limits of a block.
  public static final int MAX_RAW_BYTES = 4 << 20;
  public static final int MAX_ACCESSES = 1 << 18;
  public static final int MAX_ENTRIES = 1 << 18;
  public static final int MAX_SITES = 1 << 14;
  public static final int MAX_STRINGS = 256;
  public static final int MAX_STRING_BYTES = 1 << 16;
  public static final int MAX_MARK_BYTES = 4096;

  // Kinds of entry of the event stream; the first six are records.
  public static final int SYSCALL_ENTER = 0;
  public static final int SYSCALL_RETURN = 1;
  public static final int SIGNAL = 2;
  public static final int EXEC = 3;
  public static final int EXIT = 4;
  public static final int MARK = 5;
  public static final int ATOMIC = 6;
  public static final int ORDER = 7;

  // Flags of a token.
  static final int SITE_HIT = 1;
  static final int ADDRESS_HIT = 2;
  static final int INSTRUCTIONS_HIT = 4;
  static final int ALL_HIT = 7;
  static final int RUN_SHIFT = 3;
  static final int MAX_RUN = 31;

  static final int CONTEXTS = 1 << 16;

  // Descriptor of a site.
  static final int SITE_SIZE_SHIFT = 2;
  static final int SITE_PC_KNOWN = 1 << 8;
  static final int SITE_REGISTERS_KNOWN = 1 << 9;
  static final int NO_REGISTER_BYTE = 255;
  static final int REGISTERS = 32;

  /** Stands for an instruction address that is not known. */
  public static final long NO_PC = -1;

  private Ltrace() {}

  /** Index into the context table: the two sites before this access. */
  static int contextOf(int previousSite, int siteBefore) {
    return ((previousSite * 0x9E3779B1) ^ (siteBefore * 40503)) >>> 7 & (CONTEXTS - 1);
  }
}
