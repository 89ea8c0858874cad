package org.legosim.trace.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/**
 * ChampSim's instruction records, of one thread: 64 bytes with two stores, or cloudsuite's 96 with four. Instructions without
 * an access get the address of the access that follows them; none is a branch, and no registers are named. Accesses beyond
 * what a record holds spill into a record of their own, which counts as an instruction.
 */
final class ChampsimExporter implements TraceExporter {
  private static final int LOADS = 4;
  /** Address, branch flags, and registers: destinations as many as stores, four sources. */
  private static final int FIXED_BYTES = 8 + 2 + 4;

  private final String format;
  private final int recordBytes;
  private final int stores;

  ChampsimExporter(String format, int recordBytes, int stores) {
    this.format = format;
    this.recordBytes = recordBytes;
    this.stores = stores;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public String leavesOut() {
    return "sizes, branches, registers, fetches, mappings, and system calls and other events";
  }

  @Override
  public void write(LtraceFile trace, OptionalInt thread, OutputStream out) throws IOException {
    OneThread.require(format, trace, thread);
    Records records = new Records(out, recordBytes, stores);
    AccessWalk.over(trace, thread, records);
    records.finish();
  }

  private static final class Records implements AccessWalk.Visitor {
    private final OutputStream out;
    private final int stores;
    private final int storesAt;
    private final int loadsAt;
    private final byte[] bytes;
    private final ByteBuffer record;
    private int storeCount;
    private int loadCount;
    private boolean isStarted;

    Records(OutputStream out, int recordBytes, int stores) {
      this.out = out;
      this.stores = stores;
      // Both layouts pad to multiples of eight: 16 and 24 bytes before the addresses.
      storesAt = (FIXED_BYTES + stores + 7) / 8 * 8;
      loadsAt = storesAt + stores * Long.BYTES;
      bytes = new byte[recordBytes];
      record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void take(AccessWalk.Row row) throws IOException {
      for (long i = 0; i < row.instructions; i++) {
        start(row.pc);
      }
      if (row.kind == AccessKind.FETCH) {
        return;
      }
      if (row.kind != AccessKind.STORE) {
        if (!isStarted || loadCount == LOADS) {
          start(row.pc);
        }
        record.putLong(loadsAt + loadCount++ * Long.BYTES, row.address);
      }
      if (AccessKind.writes(row.kind)) {
        if (!isStarted || storeCount == stores) {
          start(row.pc);
        }
        record.putLong(storesAt + storeCount++ * Long.BYTES, row.address);
      }
    }

    /** Ends the instruction before and begins one. */
    private void start(long pc) throws IOException {
      finish();
      Arrays.fill(bytes, (byte) 0);
      record.putLong(0, pc);
      storeCount = 0;
      loadCount = 0;
      isStarted = true;
    }

    void finish() throws IOException {
      if (isStarted) {
        out.write(bytes);
      }
    }
  }
}
