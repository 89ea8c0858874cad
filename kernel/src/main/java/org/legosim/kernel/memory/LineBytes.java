package org.legosim.kernel.memory;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/** Which bytes of a line of several pages, or of sectors, a request is about. */
final class LineBytes {
  private LineBytes() {}

  /** Bytes of a line's sectors that lie in the page at {@code offset} of the line. */
  static long in(long offset, long sectors, int sectorShift) {
    if (sectors == 0) {
      return PageTable.PAGE_BYTES;
    }
    long from = sectors >>> (int) (offset >>> sectorShift);
    if (1L << sectorShift >= PageTable.PAGE_BYTES) {
      return (from & 1) * PageTable.PAGE_BYTES;
    }
    int perPage = (int) (PageTable.PAGE_BYTES >>> sectorShift);
    long inPage = perPage == Long.SIZE ? from : from & ((1L << perPage) - 1);
    return (long) Long.bitCount(inPage) << sectorShift;
  }

  static long flushedSectors(Request request) {
    return request.opcode == Opcode.PCACHE_FLUSH ? request.sectors : request.flushSectors;
  }
}
