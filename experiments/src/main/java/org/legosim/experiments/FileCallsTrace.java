package org.legosim.experiments;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ProcessImage;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;

/**
 * A thread that opens a large file and reads or writes it piece by piece, in sequence or at random
 * places, made on the fly. A write is followed by an fsync.
 */
final class FileCallsTrace implements TraceImage {
  private static final int PREAD64 = 17;
  private static final int PWRITE64 = 18;
  private static final int FSYNC = 74;
  private static final int OPENAT = 257;
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR = 2;
  private static final int DESCRIPTOR = 3;
  private static final long BUFFER = 0x100000000L;
  private static final long BUFFER_BYTES = 16L << 20;

  /** The measured file: 25 GB. */
  private static final long FILE_BYTES = 25_000_000_000L;

  private final int calls;
  private final int bytes;
  private final boolean isRandom;
  private final boolean writes;

  FileCallsTrace(int calls, int bytes, boolean isRandom, boolean writes) {
    this.calls = calls;
    this.bytes = bytes;
    this.isRandom = isRandom;
    this.writes = writes;
  }

  @Override
  public String digest() {
    return "files-" + calls + "-" + bytes + "-" + isRandom + "-" + writes;
  }

  @Override
  public String name() {
    return "file calls";
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.of(Feature.MAPPINGS, Feature.SYSCALLS, Feature.INSTRUCTION_COUNTS);
  }

  @Override
  public List<ProcessImage> processes() {
    return List.of(new ProcessImage(
        1,
        0,
        "files",
        List.of(List.of(new Mapping(BUFFER, BUFFER + BUFFER_BYTES, "rw-p", 0, "[anon]")))));
  }

  @Override
  public List<ThreadImage> threads() {
    return List.of(new ThreadImage(1, 1, 2L + 4L * calls, 0, 0, 0));
  }

  @Override
  public AccessSource open(int threadIndex) {
    return new Calls();
  }

  private final class Calls implements AccessSource {
    private long record;
    private int done = -1;
    /** Of the present step: call, its return, and the same of an fsync. */
    private int part;

    private long state = 1;
    private long offset = -bytes;

    @Override
    public int next(AccessBatch batch) {
      batch.firstRecord = record;
      batch.count = 0;
      if (done == calls) {
        return END;
      }
      batch.eventInstructions = 0;
      batch.eventStrings = NO_STRINGS;
      batch.eventKind = part % 2 == 0 ? EventKind.SYSCALL_ENTER : EventKind.SYSCALL_RETURN;
      if (done < 0) {
        event(batch, OPENAT, DESCRIPTOR, AT_FDCWD, 0, O_RDWR, 0);
        batch.eventStrings = part == 0 ? new String[] {"/data/file"} : NO_STRINGS;
        advance(2);
      } else if (part < 2) {
        if (part == 0) {
          offset = isRandom ? random() : offset + bytes;
        }
        event(batch, writes ? PWRITE64 : PREAD64, bytes, DESCRIPTOR, BUFFER, bytes, offset);
        advance(writes ? 4 : 2);
      } else {
        event(batch, FSYNC, 0, DESCRIPTOR, 0, 0, 0);
        advance(4);
      }
      record++;
      return EVENT;
    }

    private void advance(int parts) {
      part++;
      if (part == parts) {
        part = 0;
        done++;
      }
    }

    private void event(
        AccessBatch batch,
        int call,
        long result,
        long first,
        long second,
        long third,
        long fourth) {
      batch.eventNumber = call;
      batch.eventResult = result;
      batch.eventArguments[0] = first;
      batch.eventArguments[1] = second;
      batch.eventArguments[2] = third;
      batch.eventArguments[3] = fourth;
    }

    private long random() {
      state = state * 6364136223846793005L + 1442695040888963407L;
      return (state >>> 16) % (FILE_BYTES / bytes) * bytes;
    }

    @Override
    public void close() {}
  }

  private static final String[] NO_STRINGS = {};

  @Override
  public GateCursor gates(int threadIndex, ReplayOrder order) {
    return PageTouchTrace.NO_GATES;
  }

  @Override
  public long footprintPages() {
    return BUFFER_BYTES / 4096;
  }

  @Override
  public void close() {}
}
