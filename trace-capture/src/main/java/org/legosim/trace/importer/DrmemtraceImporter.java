package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * DynamoRIO's drmemtrace, final traces: records of twelve bytes, plain, gzip-compressed, or the members of a zip archive one
 * after the other. One file holds one thread or several; a trace of many files is imported file by file.
 */
public final class DrmemtraceImporter extends ForeignImporter {
  private static final String ZIP = "PK\u0003\u0004";
  private static final int HEADER_TYPE = 25;
  private static final int VERSION_TYPE = 28;
  private static final int VERSION_MARKER = 12;
  private static final int AT_ADDRESS = 4;

  public DrmemtraceImporter() {
    super("drmemtrace");
  }

  /** A header record with a small version number in its address, or a version marker. */
  @Override
  public boolean recognises(byte[] head, int length) {
    if (length < DrmemtraceReader.RECORD_BYTES) {
      return false;
    }
    ByteBuffer record = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int type = record.getShort(0);
    int size = record.getShort(2);
    long version = record.getLong(AT_ADDRESS);
    boolean isHeader = type == HEADER_TYPE || (type == VERSION_TYPE && size == VERSION_MARKER);
    return isHeader && version > 0 && version < 100;
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    boolean isZip = Compression.peek(in, ZIP.length()).equals(ZIP);
    try (ImportSession session = new ImportSession(target, false, X86_64, name)) {
      DrmemtraceReader reader = new DrmemtraceReader(session);
      if (isZip) {
        readMembers(in, name, reader);
      } else {
        reader.read(new BinaryInput(in, name, DrmemtraceReader.RECORD_BYTES));
      }
      reader.finish();
      requireSome(reader.accesses(), name);
    }
  }

  private static void readMembers(InputStream in, String name, DrmemtraceReader reader)
      throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry member = zip.getNextEntry(); member != null; member = zip.getNextEntry()) {
      reader.read(
          new BinaryInput(zip, name + "!" + member.getName(), DrmemtraceReader.RECORD_BYTES));
    }
  }
}
