package org.legosim.trace.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.legosim.timing.TraceException;

/**
 * First 64 bytes of a trace.
 *
 * @param isPacked an index must stand at the tail
 * @param areInstructionsAssumed the instruction counts are made up, one per access
 * @param architecture ELF machine number, 0 unknown
 * @param startNs ns since 1970, a remark
 */
public record FileHeader(
    boolean isPacked, boolean areInstructionsAssumed, int architecture, long startNs) {
  private static final int FLAG_PACKED = 1;
  private static final int FLAG_ASSUMED_INSTRUCTIONS = 2;
  private static final int AT_VERSION = 8;
  private static final int AT_HEADER_BYTES = 10;
  private static final int AT_FLAGS = 12;
  private static final int AT_PAGE_BYTES = 16;
  private static final int AT_ARCHITECTURE = 20;
  private static final int AT_START = 24;
  private static final int AT_CRC = 60;

  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(Ltrace.FILE_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(0, Ltrace.FILE_MAGIC);
    out.putShort(AT_VERSION, (short) Ltrace.VERSION);
    out.putShort(AT_HEADER_BYTES, (short) Ltrace.FILE_HEADER_BYTES);
    out.putInt(
        AT_FLAGS,
        (isPacked ? FLAG_PACKED : 0) | (areInstructionsAssumed ? FLAG_ASSUMED_INSTRUCTIONS : 0));
    out.putInt(AT_PAGE_BYTES, Ltrace.PAGE_BYTES);
    out.putShort(AT_ARCHITECTURE, (short) architecture);
    out.putLong(AT_START, startNs);
    out.putInt(AT_CRC, crc(out.array()));
    return out.array();
  }

  /** @param bytes as many as the file has, up to 64 */
  public static FileHeader decode(byte[] bytes, int length, String name) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (length < Long.BYTES || in.getLong(0) != Ltrace.FILE_MAGIC) {
      throw new TraceException(
          name + ": byte 0: not a native trace; it looks like " + FileKind.describe(bytes, length));
    }
    if (length < Ltrace.FILE_HEADER_BYTES) {
      throw Damage.at(name, length, "the file ends inside its header");
    }
    int version = in.getShort(AT_VERSION) & 0xffff;
    // Before the checksum: a later version may have moved it.
    if (version > Ltrace.VERSION) {
      throw new TraceException(name + ": byte 8: format version " + version
          + " is too new; this legosim reads version " + Ltrace.VERSION + ", update it");
    }
    if (in.getInt(AT_CRC) != crc(bytes)) {
      throw Damage.at(name, 0, "the checksum of the file header does not match");
    }
    int flags = in.getInt(AT_FLAGS);
    FileHeader header = new FileHeader(
        (flags & FLAG_PACKED) != 0,
        (flags & FLAG_ASSUMED_INSTRUCTIONS) != 0,
        in.getShort(AT_ARCHITECTURE) & 0xffff,
        in.getLong(AT_START));
    if (!Arrays.equals(
        header.encode(), 0, Ltrace.FILE_HEADER_BYTES, bytes, 0, Ltrace.FILE_HEADER_BYTES)) {
      throw Damage.at(name, 0, "the file header holds a value that version 1 does not allow");
    }
    return header;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, AT_CRC);
    return (int) crc.getValue();
  }
}
