package org.legosim.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.TraceScanner;
import org.legosim.trace.pack.TraceIndex;

/**
 * Checks a trace as thoroughly as it can be checked: every block's checksums and place, every record, and, in a packed file, that
 * index and gates are what the records give.
 */
public final class TraceVerifier {
  /**
   * A trace that is as it should be.
   *
   * @param blocks of the capture, without gates and index; 0 when the trace was converted from another form
   * @param isPacked whether gates and an index stood in the file, and were compared
   */
  public record Result(TraceIndex index, long blocks, boolean isPacked) {}

  private TraceVerifier() {}

  /**
   * Checks a file in any form that {@link Traces#open} takes.
   *
   * @throws TraceException naming the first thing that is wrong
   */
  public static Result verify(Path path) {
    if (!Traces.isNative(path)) {
      try (LtraceFile converted = Traces.open(path)) {
        return new Result(converted.index(), 0, false);
      }
    }
    String name = path.toString();
    try (FileChannel data = TraceFiles.openInput(path)) {
      FileHeader header = TraceScanner.readFileHeader(data, name);
      ScannedTrace scanned = TraceScanner.scan(data, name, false);
      try (LtraceFile computed = LtraceFile.index(TraceFiles.openInput(path), name, name)) {
        if (header.isPacked()) {
          try (LtraceFile stored = LtraceFile.open(path)) {
            compare(stored, computed, name);
          }
        }
        return new Result(computed.index(), scanned.blocks(), header.isPacked());
      }
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void compare(LtraceFile stored, LtraceFile computed, String name) {
    Optional<String> difference = stored.index().differenceFrom(computed.index());
    if (difference.isPresent()) {
      throw wrong(name, difference.get());
    }
    for (ReplayOrder order : List.of(ReplayOrder.PER_ADDRESS, ReplayOrder.STRICT)) {
      for (int thread = 0; thread < stored.threads().size(); thread++) {
        if (!areEqual(stored.gates(thread, order), computed.gates(thread, order))) {
          throw wrong(name, "the gates of thread " + thread + " in the order " + order);
        }
      }
    }
  }

  private static boolean areEqual(GateCursor a, GateCursor b) {
    while (a.waitRecord() == b.waitRecord() && a.waitRecord() != GateCursor.NEVER) {
      if (a.onThread() != b.onThread() || a.onRecord() != b.onRecord()) {
        return false;
      }
      a.advanceWait();
      b.advanceWait();
    }
    while (a.sourceRecord() == b.sourceRecord() && a.sourceRecord() != GateCursor.NEVER) {
      a.advanceSource();
      b.advanceSource();
    }
    return a.waitRecord() == b.waitRecord() && a.sourceRecord() == b.sourceRecord();
  }

  private static TraceException wrong(String name, String what) {
    return new TraceException(name + ": the index does not fit the records: " + what
        + "; write it anew with \"trace pack\"");
  }
}
