package org.legosim.trace.format;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;

/** Adds one thread's records in their order. Obtained from {@link LtraceWriter#thread}. */
public final class ThreadWriter {
  /** Registers of a site are not known. */
  public static final long NO_REGISTERS = -1;

  private final LtraceWriter writer;
  private final int pid;
  private final int tid;
  private final BlockEncoder encoder;
  private int image;
  private int number;
  private long owedInstructions;
  private boolean isStamped = true;
  private boolean hasEnded;

  ThreadWriter(LtraceWriter writer, int pid, int tid, BlockEncoder encoder) {
    this.writer = writer;
    this.pid = pid;
    this.tid = tid;
    this.encoder = encoder;
    this.image = writer.imageOf(pid);
  }

  public int pid() {
    return pid;
  }

  public int tid() {
    return tid;
  }

  /** Adds an access by an instruction whose registers are not known. */
  public void access(int kind, int bytes, long address, long instructions, long pc) {
    access(AccessBatch.shapeOf(kind, bytes), address, instructions, pc, NO_REGISTERS);
  }

  /**
   * Adds an access.
   *
   * @param shape {@link AccessKind} and 1 to 64 bytes, as in {@link AccessBatch#shape}
   * @param instructions since this thread's previous record; what exceeds the format's limit is carried over
   * @param pc instruction address, or {@link Ltrace#NO_PC}
   * @param registers from {@link BlockEncoder#registersOf}, or {@link #NO_REGISTERS}
   */
  public void access(int shape, long address, long instructions, long pc, long registers) {
    if (!encoder.hasRoom(0)) {
      writeBlock(0);
    }
    isStamped = AccessBatch.kindOf(shape) == AccessKind.ATOMIC;
    if (isStamped) {
      encoder.atomic(writer.takeSequence());
    }
    long owed = owedInstructions + instructions;
    int counted = (int) Math.min(owed, Integer.MAX_VALUE);
    owedInstructions = owed - counted;
    encoder.access(shape, address, counted, pc, registers);
  }

  /**
   * Adds the beginning of a system call.
   *
   * @param arguments at least {@code count}, which is at most six
   * @param strings what its pointers point to, in order
   */
  public void syscallEnter(
      long instructions, long number, long[] arguments, int count, List<String> strings) {
    List<byte[]> encoded = startEvent(strings);
    encoder.enter(
        writer.takeSequence(), owedInstructions + instructions, number, arguments, count, encoded);
    owedInstructions = 0;
  }

  public void syscallReturn(long result, List<String> strings) {
    List<byte[]> encoded = startEvent(strings);
    encoder.result(writer.takeSequence(), result, encoded);
  }

  public void signal(long number) {
    startEvent(List.of());
    encoder.signal(writer.takeSequence(), number);
  }

  public void mark(String name) {
    byte[] encoded = startEvent(List.of(name)).get(0);
    if (encoded.length > Ltrace.MAX_MARK_BYTES) {
      throw new TraceException(
          "a mark's name of " + encoded.length + " bytes exceeds " + Ltrace.MAX_MARK_BYTES);
    }
    encoder.mark(writer.takeSequence(), encoded);
  }

  /** The process calls exec: what its threads add from now on belongs to its next image. */
  public void exec() {
    startEvent(List.of());
    encoder.exec(writer.takeSequence());
    writer.startImage(pid);
  }

  /** The thread ends; nothing can be added. */
  public void exit() {
    startEvent(List.of());
    encoder.exit(writer.takeSequence());
    writeBlock(Ltrace.LAST);
    hasEnded = true;
    writer.end(this, encoder);
  }

  /** Fixes that the accesses so far come before whatever any thread adds to the global order from now on. */
  public void order() {
    if (!isStamped) {
      startEvent(List.of());
      encoder.order(writer.takeSequence());
    }
  }

  void writeBlock(int flags) {
    if (encoder.isEmpty()) {
      return;
    }
    BlockHeader header = writer.appender().header();
    header.start(Ltrace.RECORDS, pid, tid, image, number++);
    header.flags = flags;
    encoder.complete(header);
    writer.appender().append(encoder.streams());
    encoder.reset();
  }

  void startImage() {
    image++;
    number = 0;
  }

  /** Throws when an event cannot have so many strings, or so long ones. */
  public static void requireAllowed(List<String> strings) {
    encode(strings);
  }

  private static List<byte[]> encode(List<String> strings) {
    List<byte[]> encoded = new ArrayList<>(strings.size());
    int bytes = 0;
    for (String string : strings) {
      byte[] one = GuestText.encode(string);
      bytes += one.length;
      encoded.add(one);
    }
    if (encoded.size() > Ltrace.MAX_STRINGS || bytes > Ltrace.MAX_STRING_BYTES) {
      throw new TraceException(
          "an event has " + encoded.size() + " strings of " + bytes + " bytes; at most "
              + Ltrace.MAX_STRINGS + " of " + Ltrace.MAX_STRING_BYTES + " are allowed");
    }
    return encoded;
  }

  private List<byte[]> startEvent(List<String> strings) {
    if (hasEnded) {
      throw new TraceException("thread " + tid + " of process " + pid + " goes on after its end");
    }
    List<byte[]> encoded = encode(strings);
    int bytes = encoded.stream().mapToInt(one -> one.length).sum();
    if (!encoder.hasRoom(bytes)) {
      writeBlock(0);
    }
    isStamped = true;
    return encoded;
  }
}
