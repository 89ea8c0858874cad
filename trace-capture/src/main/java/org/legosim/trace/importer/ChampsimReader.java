package org.legosim.trace.importer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.legosim.timing.trace.AccessKind;

/**
 * ChampSim's instruction traces, without a header: one record per instruction with the addresses it stores to and loads
 * from, 0 for none. Sizes are not told: eight bytes are assumed.
 *
 * @param storesAt first byte of the store addresses, which reach to the load addresses
 * @param loadsAt first byte of the four load addresses
 */
record ChampsimReader(String format, int recordBytes, int storesAt, int loadsAt) {
  private static final int ASSUMED_BYTES = 8;
  private static final int LOADS = 4;
  private static final int AT_BRANCH = 8;
  private static final int AT_TAKEN = 9;

  /** @return accesses */
  long read(BinaryInput input, ImportSession session) throws IOException {
    ByteBuffer record = input.record();
    long accesses = 0;
    long instructions = 0;
    while (input.next()) {
      if ((record.get(AT_BRANCH) | record.get(AT_TAKEN)) >>> 1 != 0) {
        throw input.error("the branch flags are " + record.get(AT_BRANCH) + " and "
            + record.get(AT_TAKEN) + ", not 0 or 1; is this " + format + "?");
      }
      instructions++;
      // An instruction loads before it stores.
      long added = add(record, loadsAt, LOADS, AccessKind.LOAD, instructions, input, session);
      instructions = added > 0 ? 0 : instructions;
      int stores = (loadsAt - storesAt) / Long.BYTES;
      long stored = add(record, storesAt, stores, AccessKind.STORE, instructions, input, session);
      instructions = stored > 0 ? 0 : instructions;
      accesses += added + stored;
    }
    return accesses;
  }

  private static int add(
      ByteBuffer record,
      int from,
      int count,
      int kind,
      long instructions,
      BinaryInput input,
      ImportSession session) {
    int added = 0;
    for (int i = 0; i < count; i++) {
      long address = record.getLong(from + i * Long.BYTES);
      if (address != 0) {
        session.access(
            kind,
            ASSUMED_BYTES,
            address,
            added == 0 ? instructions : 0,
            record.getLong(0),
            input.place());
        added++;
      }
    }
    return added;
  }
}
