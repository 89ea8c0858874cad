package org.legosim.trace.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.legosim.trace.TraceImporter;

final class BinaryImportersTest {
  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytesOf(ByteBuffer buffer, int count) {
    byte[] bytes = new byte[count];
    buffer.get(0, bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  /** An instruction without access, one that loads, one that loads twice and stores. */
  private static byte[] champsim(int recordBytes, int storesAt, int loadsAt) {
    ByteBuffer out = buffer(3 * recordBytes);
    out.putLong(0, 0x400000).put(8, (byte) 1);
    out.putLong(recordBytes, 0x400004).putLong(recordBytes + loadsAt, 0x10008);
    int third = 2 * recordBytes;
    out.putLong(third, 0x400008)
        .putLong(third + loadsAt, 0x10010)
        .putLong(third + loadsAt + 24, 0x10018)
        .putLong(third + storesAt + 8, 0x10020);
    return bytesOf(out, out.capacity());
  }

  @Test
  void champsim_bothRecordSizes_giveTheSameTrace() {
    String expected = Imported.lines(
        "legosim-text 1",
        "P 1 0 \"in\"",
        "T 1",
        "L 0x10008 8 2 @0x400004",
        "L 0x10010 8 1 @0x400008",
        "L 0x10018 8 0 @0x400008",
        "S 0x10020 8 0 @0x400008");
    assertEquals(expected, Imported.text(new ChampsimImporter(), champsim(64, 16, 32)));
    assertEquals(expected, Imported.text(new ChampsimCloudsuiteImporter(), champsim(96, 24, 56)));
  }

  @Test
  void champsim_compressedWithGzip_isRead() throws IOException {
    byte[] packed = gzip(champsim(64, 16, 32));
    assertTrue(Imported.text(new ChampsimImporter(), packed).contains("L 0x10008 8 2"));
    String message =
        Imported.refusal(new ChampsimImporter(), Arrays.copyOf(packed, packed.length - 12));
    assertTrue(message.contains("the file was cut"), message);
  }

  @Test
  void champsim_wrongRecordSize_isNoticed() {
    // Read as 64-byte records, the second one begins inside the first of 96 bytes: 288 bytes are no
    // multiple.
    String message = Imported.refusal(new ChampsimImporter(), champsim(96, 24, 56));
    assertTrue(message.contains("byte 256: the file ends inside a record: 32 of 64"), message);
  }

  @Test
  void oracleGeneral_objectsArePages() {
    ByteBuffer out = buffer(3 * 24);
    long[] objects = {5, 0xdead_beef_0000_0001L, 5};
    for (int i = 0; i < objects.length; i++) {
      out.putInt(i).putLong(objects[i]).putInt(4096).putLong(i == 0 ? 2 : -1);
    }
    String text = Imported.text(new OracleGeneralImporter(), bytesOf(out, out.capacity()));
    assertTrue(text.endsWith("L 0x5000 8 1\nL 0x400000000000 8 1\nL 0x5000 8 1\n"), text);
    String message =
        Imported.refusal(new OracleGeneralImporter(), bytesOf(buffer(24).putLong(16, -7), 24));
    assertTrue(message.startsWith("in: byte 0: the time of the next request is -7"), message);
  }

  private static byte[] gem5(int... packet) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'g', 'e', 'm', '5'});
    // The header: object "x" (field 1, bytes), version 1.
    out.writeBytes(new byte[] {5, 0x0a, 1, 'x', 0x10, 1});
    out.write(packet.length);
    for (int b : packet) {
      out.write(b);
    }
    return out.toByteArray();
  }

  @Test
  void gem5_packetsBecomeAccesses() {
    // tick 9, command 4, address 0x1234 = 0b100100_0110100, size 8, pc 0x40
    int[] packet = {0x08, 9, 0x10, 4, 0x18, 0xb4, 0x24, 0x20, 8, 0x38, 0x40};
    TraceImporter importer = new Gem5Importer();
    byte[] file = gem5(packet);
    assertTrue(importer.recognises(file, file.length));
    String text = Imported.text(importer, file);
    assertTrue(text.endsWith("T 1\nS 0x1234 8 1 @0x40\n"), text);
    packet[3] = 9;
    assertTrue(Imported.refusal(importer, gem5(packet)).startsWith("in: byte 10: command 9"));
    String cut = Imported.refusal(importer, Arrays.copyOf(file, file.length - 1));
    assertEquals("in: byte 10: the file ends inside a message: 10 of 11 bytes", cut);
  }

  private static final class Drmemtrace {
    private final ByteBuffer out = buffer(1 << 12);

    Drmemtrace add(int type, int size, long address) {
      out.putShort((short) type).putShort((short) size).putLong(address);
      return this;
    }

    byte[] bytes() {
      return bytesOf(out, out.position());
    }
  }

  private static Drmemtrace drmemtrace() {
    return new Drmemtrace()
        .add(25, 0, 7)
        .add(28, 12, 7)
        .add(22, 0, 501)
        .add(24, 0, 500)
        .add(10, 3, 0x401000)
        .add(0, 8, 0x7000)
        .add(47, 0, 0x1234)
        .add(16, 1, 0x401003)
        .add(1, 4, 0x7008)
        .add(2, 64, 0x9000);
  }

  /** A futex wait as it is recorded by default, and a mmap without arguments, which is passed over. */
  private static byte[] withCalls() {
    Drmemtrace trace = drmemtrace().add(31, 2, 0x401010).add(28, 25, 202).add(28, 26, 0);
    trace.add(28, 4, 0x1_0000_00caL).add(28, 6, 0x7000).add(28, 6, 128);
    trace.add(28, 4, 0x1_0000_00caL).add(28, 7, 0);
    trace.add(10, 2, 0x401012).add(28, 25, 9).add(10, 2, 0x401014).add(0, 8, 0x7010);
    return trace.add(23, 0, 501).bytes();
  }

  private static final String EXPECTED = Imported.lines(
      "legosim-text 1",
      "P 500 0 \"in\"",
      "T 501",
      "L 0x7000 8 1 @0x401000",
      "S 0x7008 4 1 @0x401003",
      "> 1 202 28672 128",
      "< 0",
      "L 0x7010 8 2 @0x401014",
      "! exit");

  @Test
  void drmemtrace_recordsAndCallsBecomeATrace() throws IOException {
    TraceImporter importer = new DrmemtraceImporter();
    byte[] file = withCalls();
    assertTrue(importer.recognises(file, file.length));
    assertEquals(EXPECTED, Imported.text(importer, file));
    assertEquals(EXPECTED, Imported.text(importer, gzip(file)));
  }

  @Test
  void drmemtrace_membersOfAZip_areReadInOrder() throws IOException {
    byte[] file = withCalls();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      int cut = 8 * DrmemtraceReader.RECORD_BYTES;
      zip.putNextEntry(new ZipEntry("chunk.0000"));
      zip.write(file, 0, cut);
      zip.putNextEntry(new ZipEntry("chunk.0001"));
      zip.write(file, cut, file.length - cut);
    }
    assertEquals(EXPECTED, Imported.text(new DrmemtraceImporter(), out.toByteArray()));
  }

  @Test
  void drmemtrace_unknownTypeOrCutRecord_namesTheByte() {
    byte[] file = drmemtrace().add(1234, 0, 0).bytes();
    String message = Imported.refusal(new DrmemtraceImporter(), file);
    assertTrue(message.startsWith("in: byte 120: record type 1234 is unknown"), message);
    String cut = Imported.refusal(new DrmemtraceImporter(), Arrays.copyOf(file, 100));
    assertTrue(cut.startsWith("in: byte 96: the file ends inside a record: 4 of 12"), cut);
  }
}
