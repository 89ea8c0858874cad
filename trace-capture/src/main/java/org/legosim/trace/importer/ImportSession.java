package org.legosim.trace.importer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.TraceException;
import org.legosim.trace.TraceImporter;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * One conversion: adds records in the order in which a foreign trace has them, and keeps what that order means
 * between threads. No foreign format has mappings; packing makes them from the pages that are touched.
 */
public final class ImportSession implements AutoCloseable {
  private static final int MOST_ACCESS_BYTES = 64;

  /** Longer accesses than any instruction makes are taken for damage. */
  private static final int MOST_RECORD_BYTES = 1 << 20;

  /** The last page below 2^64 has no end that the format could name. */
  private static final long LAST_PAGE = -Ltrace.PAGE_BYTES;

  private final LtraceWriter writer;
  private final String name;
  private final Set<Integer> processes = new HashSet<>();
  private int pid;
  private int tid;
  private @Nullable ThreadWriter thread;

  /**
   * @param areInstructionsAssumed the format has no instruction counts: each access is given one
   * @param name of the input, which the first process is named after
   */
  public ImportSession(
      TraceImporter.Target target, boolean areInstructionsAssumed, int architecture, String name) {
    writer = target.open(new FileHeader(false, areInstructionsAssumed, architecture, 0));
    this.name = name;
    pid = ForeignImporter.ONLY_PID;
    tid = ForeignImporter.ONLY_PID;
  }

  /** The records that follow belong to this thread. */
  public void switchTo(int newPid, int newTid) {
    if (newPid == pid && newTid == tid) {
      return;
    }
    if (thread != null) {
      thread.order();
      thread = null;
    }
    pid = newPid;
    tid = newTid;
  }

  /** Of the thread that {@link #switchTo} chose; without a choice the format has one thread. */
  ThreadWriter thread() {
    if (thread == null) {
      beginProcess();
      thread = writer.thread(pid, tid);
    }
    return thread;
  }

  private void beginProcess() {
    String processName = processes.isEmpty() ? name : "";
    if (processes.add(pid)) {
      writer.process(new ProcessBlock(pid, tid, 0, processName, List.of()));
    }
  }

  /** The current thread ends. Its number may come again, for another thread. */
  void exit() {
    thread().exit();
    thread = null;
  }

  /**
   * Adds an access of any length; one instruction's access has at most 64 bytes in the native format.
   *
   * @param place line or byte, for the message
   */
  public void access(int kind, long bytes, long address, long instructions, long pc, String place) {
    if (bytes <= 0 || bytes > MOST_RECORD_BYTES) {
      throw new TraceException(
          place + ": an access of " + bytes + " bytes; 1 to " + MOST_RECORD_BYTES + " are allowed");
    }
    if (Long.compareUnsigned(address + bytes - 1, LAST_PAGE) >= 0
        || Long.compareUnsigned(address + bytes, address) < 0) {
      throw new TraceException(place + ": address 0x" + Long.toHexString(address)
          + " is at the very end of the address space, where no program has memory");
    }
    ThreadWriter to = thread();
    long at = address;
    long counted = instructions;
    for (long left = bytes; left > 0; left -= MOST_ACCESS_BYTES) {
      int piece = (int) Math.min(left, MOST_ACCESS_BYTES);
      to.access(kind, piece, at, counted, pc);
      at += piece;
      counted = 0;
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
