package org.legosim.trace.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.legosim.trace.format.Ltrace;

/** Whether a captured file holds any record: a program that never reached the start of recording has none. */
final class FirstRecords {
  private static final int AT_KIND = 4;
  private static final int AT_PAYLOAD_BYTES = 24;

  private FirstRecords() {}

  static boolean isIn(FileChannel channel) throws IOException {
    ByteBuffer header =
        ByteBuffer.allocate(Ltrace.BLOCK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long at = Ltrace.FILE_HEADER_BYTES;
    while (at + Ltrace.BLOCK_HEADER_BYTES <= channel.size()) {
      header.clear();
      channel.read(header, at);
      if (header.get(AT_KIND) == Ltrace.RECORDS) {
        return true;
      }
      at += Ltrace.BLOCK_HEADER_BYTES + (header.getInt(AT_PAYLOAD_BYTES) & 0xffff_ffffL);
    }
    return false;
  }
}
