package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * libCacheSim's oracleGeneral: packed records of 24 bytes: time u32, object u64, size u32, time of the object's
 * next request i64. An object is a page: each request becomes one load of eight bytes at its start. Object numbers
 * too large for a page of user space (hashes) are given pages of their own, in the order of their first appearance.
 */
public final class OracleGeneralImporter extends ForeignImporter {
  private static final int RECORD_BYTES = 24;
  private static final int AT_OBJECT = 4;
  private static final int AT_NEXT = 16;
  private static final int ASSUMED_BYTES = 8;

  /** Half of the 2^35 pages of a 47-bit address space are for plain numbers, half for others. */
  private static final long FIRST_RENUMBERED_PAGE = 1L << 34;

  public OracleGeneralImporter() {
    super("oracle-general");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    BinaryInput input = new BinaryInput(in, name, RECORD_BYTES);
    ByteBuffer record = input.record();
    Map<Long, Long> renumbered = new HashMap<>();
    long accesses = 0;
    try (ImportSession session = new ImportSession(target, true, UNKNOWN_ARCHITECTURE, name)) {
      while (input.next()) {
        if (record.getLong(AT_NEXT) < -1) {
          throw input.error("the time of the next request is " + record.getLong(AT_NEXT)
              + "; -1 (none) or more is allowed. Is this an oracleGeneral trace?");
        }
        long object = record.getLong(AT_OBJECT);
        boolean isPage = object >= 0 && object < FIRST_RENUMBERED_PAGE;
        long page = isPage
            ? object
            : renumbered.computeIfAbsent(
                object, unseen -> FIRST_RENUMBERED_PAGE + renumbered.size());
        session.access(
            AccessKind.LOAD,
            ASSUMED_BYTES,
            page << Ltrace.PAGE_SHIFT,
            1,
            Ltrace.NO_PC,
            input.place());
        accesses++;
      }
    }
    requireSome(accesses, name);
  }
}
