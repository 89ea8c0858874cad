package org.legosim.trace.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The 88 bytes before each payload. Mutable and reused: traces have millions of blocks. */
public final class BlockHeader {
  public int kind;
  public int codec;
  public int flags;
  public int pid;
  public int tid;
  public int image;
  public int number;
  public int storedBytes;
  public int rawBytes;
  public int accesses;
  public int entries;
  public int tokBytes;
  public int siteBytes;
  public int addrBytes;
  public int icBytes;
  public int evtBytes;
  public int sites;
  public long firstSequence;
  public long timeNs;
  public int payloadCrc;

  private static final int AT_SEQUENCE = 64;
  private static final int AT_TIME = 72;
  private static final int AT_PAYLOAD_CRC = 80;
  private static final int AT_HEADER_CRC = 84;
  private static final String[] KINDS = {
    "", "RECORDS", "PROCESS", "IMAGE", "REMARK", "GATES", "INDEX"
  };

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer bytes =
      ByteBuffer.allocate(Ltrace.BLOCK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Clears every field and names the block; the caller fills in the rest. */
  public void start(int newKind, int newPid, int newTid, int newImage, int newNumber) {
    kind = newKind;
    codec = Ltrace.STORED;
    flags = 0;
    pid = newPid;
    tid = newTid;
    image = newImage;
    number = newNumber;
    storedBytes = 0;
    rawBytes = 0;
    accesses = 0;
    entries = 0;
    tokBytes = 0;
    siteBytes = 0;
    addrBytes = 0;
    icBytes = 0;
    evtBytes = 0;
    sites = 0;
    firstSequence = 0;
    timeNs = 0;
    payloadCrc = 0;
  }

  /** Takes over every field. */
  public void copyFrom(BlockHeader other) {
    start(other.kind, other.pid, other.tid, other.image, other.number);
    codec = other.codec;
    flags = other.flags;
    storedBytes = other.storedBytes;
    rawBytes = other.rawBytes;
    accesses = other.accesses;
    entries = other.entries;
    tokBytes = other.tokBytes;
    siteBytes = other.siteBytes;
    addrBytes = other.addrBytes;
    icBytes = other.icBytes;
    evtBytes = other.evtBytes;
    sites = other.sites;
    firstSequence = other.firstSequence;
    timeNs = other.timeNs;
    payloadCrc = other.payloadCrc;
  }

  /** The 88 bytes that {@link #encode} fills and {@link #decode} reads. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Writes the fields into {@link #bytes}, from its start to its end. */
  public void encode() {
    ByteBuffer out = bytes.clear();
    out.putInt(Ltrace.BLOCK_MAGIC).put((byte) kind).put((byte) codec).putShort((short) flags);
    out.putInt(pid).putInt(tid).putInt(image).putInt(number);
    out.putInt(storedBytes).putInt(rawBytes).putInt(accesses).putInt(entries);
    out.putInt(tokBytes).putInt(siteBytes).putInt(addrBytes).putInt(icBytes).putInt(evtBytes);
    out.putInt(sites).putLong(firstSequence).putLong(timeNs).putInt(payloadCrc);
    out.putInt(AT_HEADER_CRC, crc());
    out.clear();
  }

  /** Reads the fields from {@link #bytes} and checks them. */
  public void decode(String name, long offset) {
    ByteBuffer in = bytes;
    if (in.getInt(0) != Ltrace.BLOCK_MAGIC) {
      throw Damage.at(name, offset, "no block begins here");
    }
    if (in.getInt(AT_HEADER_CRC) != crc()) {
      throw Damage.at(name, offset, "the checksum of a block header does not match");
    }
    kind = in.get(4);
    codec = in.get(5);
    flags = in.getShort(6) & 0xffff;
    pid = in.getInt(8);
    tid = in.getInt(12);
    image = in.getInt(16);
    number = in.getInt(20);
    storedBytes = in.getInt(24);
    rawBytes = in.getInt(28);
    accesses = in.getInt(32);
    entries = in.getInt(36);
    tokBytes = in.getInt(40);
    siteBytes = in.getInt(44);
    addrBytes = in.getInt(48);
    icBytes = in.getInt(52);
    evtBytes = in.getInt(56);
    sites = in.getInt(60);
    firstSequence = in.getLong(AT_SEQUENCE);
    timeNs = in.getLong(AT_TIME);
    payloadCrc = in.getInt(AT_PAYLOAD_CRC);
    String wrong = firstProblem();
    if (!wrong.isEmpty()) {
      throw Damage.at(name, offset, "in a block header, " + wrong);
    }
  }

  public boolean isLast() {
    return (flags & Ltrace.LAST) != 0;
  }

  public String kindName() {
    return KINDS[kind];
  }

  private String firstProblem() {
    if (kind < Ltrace.RECORDS || kind > Ltrace.INDEX) {
      return "kind " + kind + " is unknown";
    }
    if (codec != Ltrace.STORED && codec != Ltrace.DEFLATE) {
      return "codec " + codec + " is unknown";
    }
    if ((flags & ~Ltrace.LAST) != 0 || (kind != Ltrace.RECORDS && flags != 0)) {
      return "flags " + flags + " are unknown";
    }
    if (rawBytes < 0 || rawBytes > Ltrace.MAX_RAW_BYTES) {
      return "a payload of " + Integer.toUnsignedString(rawBytes) + " bytes exceeds "
          + Ltrace.MAX_RAW_BYTES;
    }
    // Deflate may grow what it cannot compress, by 5 bytes in each 16 KiB and a little more.
    int mostStored = codec == Ltrace.STORED ? rawBytes : rawBytes + rawBytes / 1024 + 64;
    if (storedBytes < 0
        || storedBytes > mostStored
        || (codec == Ltrace.STORED && storedBytes != rawBytes)) {
      return "a payload of " + rawBytes + " bytes cannot take "
          + Integer.toUnsignedString(storedBytes);
    }
    if (kind == Ltrace.RECORDS && firstSequence < 0) {
      return "the sequence number is beyond 2^63 - 1";
    }
    if (image < 0 || number < 0) {
      return "image or block number is beyond its limit";
    }
    return kind == Ltrace.RECORDS ? problemOfRecords() : problemOfOthers();
  }

  private String problemOfRecords() {
    if (accesses < 0 || accesses > Ltrace.MAX_ACCESSES) {
      return "the number of accesses is beyond " + Ltrace.MAX_ACCESSES;
    }
    if (entries < 0 || entries > Ltrace.MAX_ENTRIES) {
      return "the number of entries is beyond " + Ltrace.MAX_ENTRIES;
    }
    if (accesses == 0 && entries == 0) {
      return "there is nothing in the block";
    }
    if (sites < 0
        || sites > Ltrace.MAX_SITES
        || sites > accesses
        || (sites == 0) != (accesses == 0)) {
      return "the number of sites does not fit";
    }
    if (tokBytes < 0 || siteBytes < 0 || addrBytes < 0 || icBytes < 0 || evtBytes < 0) {
      return "a stream has a negative length";
    }
    if ((long) tokBytes + siteBytes + addrBytes + icBytes + evtBytes != rawBytes) {
      return "the streams do not add up to the payload";
    }
    if (entries == 0 && (firstSequence != 0 || evtBytes != 0)) {
      return "there is a sequence number or stream without an entry";
    }
    return "";
  }

  private String problemOfOthers() {
    boolean isClear =
        (accesses | entries | tokBytes | siteBytes | addrBytes | icBytes | evtBytes | sites) == 0;
    return isClear ? "" : "a field that belongs to records is set";
  }

  private int crc() {
    crc.reset();
    crc.update(bytes.array(), 0, AT_HEADER_CRC);
    return (int) crc.getValue();
  }
}
