package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.Arrays;
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

/** A trace held in lists, written record by record; for tests. */
public final class ListTrace implements TraceImage {
  private static final List<Long> NO_ARGUMENTS = List.of(0L, 0L, 0L, 0L, 0L, 0L);

  private record Entry(
      boolean isEvent,
      long address,
      int shape,
      int instructions,
      EventKind kind,
      long number,
      List<Long> arguments,
      long result,
      List<String> strings) {}

  private record Gate(long waitRecord, int onThread, long onRecord) {}

  /** One thread under construction. */
  public static final class Writer {
    private final int pid;
    private final int tid;
    private final List<Entry> records = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Long> sources = new ArrayList<>();

    Writer(int pid, int tid) {
      this.pid = pid;
      this.tid = tid;
    }

    public Writer access(int kind, long address, int bytes, int instructions) {
      records.add(new Entry(
          false,
          address,
          AccessBatch.shapeOf(kind, bytes),
          instructions,
          EventKind.MARK,
          0,
          NO_ARGUMENTS,
          0,
          List.of()));
      return this;
    }

    public Writer enter(int number, long... arguments) {
      return enterWith(List.of(), number, arguments);
    }

    /** A call after so many instructions. */
    public Writer enterAfter(int instructions, int number, long... arguments) {
      return enter(instructions, List.of(), number, arguments);
    }

    /** A call whose record carries strings. */
    public Writer enterWith(List<String> strings, int number, long... arguments) {
      return enter(1, strings, number, arguments);
    }

    private Writer enter(int instructions, List<String> strings, int number, long... arguments) {
      long[] six = new long[6];
      System.arraycopy(arguments, 0, six, 0, arguments.length);
      records.add(new Entry(
          true,
          0,
          0,
          instructions,
          EventKind.SYSCALL_ENTER,
          number,
          Arrays.stream(six).boxed().toList(),
          0,
          strings));
      return this;
    }

    /** An event without a call: a signal, the thread's end. */
    public Writer event(EventKind kind, long number) {
      records.add(new Entry(true, 0, 0, 0, kind, number, NO_ARGUMENTS, 0, List.of()));
      return this;
    }

    public Writer leave(long result) {
      records.add(
          new Entry(true, 0, 0, 0, EventKind.SYSCALL_RETURN, 0, NO_ARGUMENTS, result, List.of()));
      return this;
    }

    /** A return whose record carries strings: the descriptors of a pipe. */
    public Writer leaveWith(List<String> strings, long result) {
      records.add(
          new Entry(true, 0, 0, 0, EventKind.SYSCALL_RETURN, 0, NO_ARGUMENTS, result, strings));
      return this;
    }

    public Writer waitFor(long record, Writer other, int otherIndex, long onRecord) {
      gates.add(new Gate(record, otherIndex, onRecord));
      other.sources.add(onRecord);
      return this;
    }

    public long size() {
      return records.size();
    }
  }

  private final List<ProcessImage> processes = new ArrayList<>();
  private final List<Writer> threads = new ArrayList<>();

  public ListTrace process(int pid, int parent) {
    return process(pid, parent, List.of());
  }

  /** A process that begins with these mappings. */
  public ListTrace process(int pid, int parent, List<Mapping> mappings) {
    processes.add(new ProcessImage(
        pid, parent, "p" + pid, mappings.isEmpty() ? List.of() : List.of(mappings)));
    return this;
  }

  public Writer thread(int pid, int tid) {
    Writer thread = new Writer(pid, tid);
    threads.add(thread);
    return thread;
  }

  @Override
  public String digest() {
    return "list";
  }

  @Override
  public String name() {
    return "list";
  }

  @Override
  public Set<Feature> features() {
    return EnumSet.of(Feature.SYSCALLS);
  }

  @Override
  public List<ProcessImage> processes() {
    return processes;
  }

  @Override
  public List<ThreadImage> threads() {
    return threads.stream()
        .map(t -> new ThreadImage(t.pid, t.tid, t.size(), t.size(), t.size(), 0))
        .toList();
  }

  @Override
  public AccessSource open(int threadIndex) {
    Writer thread = threads.get(threadIndex);
    return new AccessSource() {
      private int next;

      @Override
      public int next(AccessBatch batch) {
        if (next == thread.records.size()) {
          return END;
        }
        batch.firstRecord = next;
        batch.count = 0;
        Entry first = thread.records.get(next);
        if (first.isEvent()) {
          next++;
          batch.eventKind = first.kind();
          batch.eventNumber = first.number();
          batch.eventInstructions = first.instructions();
          batch.eventResult = first.result();
          batch.eventStrings = first.strings().toArray(new String[0]);
          for (int i = 0; i < 6; i++) {
            batch.eventArguments[i] = first.arguments().get(i);
          }
          return EVENT;
        }
        while (next < thread.records.size()
            && !thread.records.get(next).isEvent()
            && batch.count < AccessBatch.CAPACITY) {
          Entry record = thread.records.get(next++);
          batch.address[batch.count] = record.address();
          batch.shape[batch.count] = record.shape();
          batch.instructions[batch.count] = record.instructions();
          batch.count++;
        }
        return ACCESSES;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public GateCursor gates(int threadIndex, ReplayOrder order) {
    Writer thread = threads.get(threadIndex);
    List<Long> sources = thread.sources.stream().sorted().distinct().toList();
    return new GateCursor() {
      private int gate;
      private int source;

      @Override
      public long waitRecord() {
        return gate < thread.gates.size() ? thread.gates.get(gate).waitRecord() : NEVER;
      }

      @Override
      public int onThread() {
        return thread.gates.get(gate).onThread();
      }

      @Override
      public long onRecord() {
        return thread.gates.get(gate).onRecord();
      }

      @Override
      public void advanceWait() {
        gate++;
      }

      @Override
      public long sourceRecord() {
        return source < sources.size() ? sources.get(source) : NEVER;
      }

      @Override
      public void advanceSource() {
        source++;
      }
    };
  }

  @Override
  public long footprintPages() {
    return 0;
  }

  @Override
  public void close() {}
}
