package org.legosim.trace.importer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * Turns drmemtrace's records into ours. Instructions are counted and give the accesses that follow them their address;
 * prefetches, flushes and branch kinds are passed over. System calls come with whatever the trace recorded of
 * them: without their arguments and result, calls that change mappings or tasks are passed over too, because a
 * simulator must not act on made-up ones.
 */
final class DrmemtraceReader {
  static final int RECORD_BYTES = 12;

  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int FIRST_INSTRUCTION = 10;
  private static final int LAST_INSTRUCTION = 16;
  private static final int INSTRUCTION_BUNDLE = 17;
  private static final int THREAD = 22;
  private static final int THREAD_EXIT = 23;
  private static final int PROCESS = 24;
  private static final int MARKER = 28;
  private static final int REPEATED_INSTRUCTION = 29;
  private static final int MAYBE_FETCH = 30;
  private static final int SYSENTER = 31;
  private static final int TAKEN_JUMP = 48;
  private static final int UNTAKEN_JUMP = 49;
  private static final int LAST_TYPE = 49;

  private static final int MARKER_FUNCTION = 4;
  private static final int MARKER_ARGUMENT = 6;
  private static final int MARKER_RESULT = 7;
  private static final int MARKER_SYSCALL = 25;
  private static final int MARKER_FAILED = 30;
  private static final int MARKER_SIGNAL = 40;

  private static final long NO_CALL = -1;

  /** A function number above this is a system call's. */
  private static final long SYSCALL_FUNCTION = 0x1_0000_0000L;

  private static final int AT_ADDRESS = 4;
  private static final int MOST_ARGUMENTS = 6;

  private final ImportSession session;
  private final long[] arguments = new long[MOST_ARGUMENTS];
  private int pid = ForeignImporter.ONLY_PID;
  private int tid = ForeignImporter.ONLY_PID;
  private long instructions;
  private long pc = Ltrace.NO_PC;
  private long accesses;
  private long call = NO_CALL;
  private int argumentCount;
  private boolean isEntered;

  DrmemtraceReader(ImportSession session) {
    this.session = session;
  }

  long accesses() {
    return accesses;
  }

  void read(BinaryInput in) throws IOException {
    ByteBuffer record = in.record();
    while (in.next()) {
      int type = record.getShort(0) & 0xffff;
      int size = record.getShort(2) & 0xffff;
      long address = record.getLong(AT_ADDRESS);
      if (type > LAST_TYPE) {
        throw in.error(
            "record type " + type + " is unknown; is this a final drmemtrace (not raw)?");
      }
      take(type, size, address, in);
    }
  }

  /** A call that was entered last may have been waiting for its result. */
  void finish() {
    enterCall();
    call = NO_CALL;
  }

  private void take(int type, int size, long address, BinaryInput in) {
    switch (type) {
      case READ, WRITE ->
        access(type == READ ? AccessKind.LOAD : AccessKind.STORE, size, address, in);
      case INSTRUCTION_BUNDLE -> instructions += size;
      case THREAD -> {
        tid = identifier(address, in);
        session.switchTo(pid, tid);
      }
      case PROCESS -> {
        pid = identifier(address, in);
        session.switchTo(pid, tid);
      }
      case THREAD_EXIT -> {
        completeCall(0);
        session.exit();
      }
      case MARKER -> marker(size, address);
      case REPEATED_INSTRUCTION, MAYBE_FETCH -> pc = address;
      default -> {
        boolean isInstruction = (type >= FIRST_INSTRUCTION && type <= LAST_INSTRUCTION)
            || type == SYSENTER
            || type == TAKEN_JUMP
            || type == UNTAKEN_JUMP;
        if (isInstruction) {
          completeCall(0);
          instructions++;
          pc = address;
        }
      }
    }
  }

  private void access(int kind, int bytes, long address, BinaryInput in) {
    session.access(kind, bytes, address, instructions, pc, in.place());
    instructions = 0;
    accesses++;
  }

  private static int identifier(long value, BinaryInput in) {
    if (value <= 0 || value > Integer.MAX_VALUE) {
      throw in.error(value + " cannot number a process or thread");
    }
    return (int) value;
  }

  private void marker(int kind, long value) {
    switch (kind) {
      case MARKER_SYSCALL -> {
        completeCall(0);
        call = value;
        argumentCount = 0;
        isEntered = false;
      }
      case MARKER_ARGUMENT -> {
        if (call != NO_CALL && !isEntered && argumentCount < MOST_ARGUMENTS) {
          arguments[argumentCount++] = value;
        }
      }
      case MARKER_FUNCTION -> {
        boolean isResult = call != NO_CALL && argumentCount > 0 && value - SYSCALL_FUNCTION == call;
        if (isResult) {
          enterCall();
        }
      }
      case MARKER_RESULT -> completeCall(value);
      case MARKER_FAILED -> completeCall(-value);
      case MARKER_SIGNAL -> session.thread().signal(value);
      default -> {}
    }
  }

  private void enterCall() {
    if (call == NO_CALL || isEntered || isUnusable()) {
      return;
    }
    isEntered = true;
    session.thread().syscallEnter(instructions, call, arguments, argumentCount, List.of());
    instructions = 0;
  }

  private void completeCall(long result) {
    if (call == NO_CALL) {
      return;
    }
    enterCall();
    if (isEntered) {
      session.thread().syscallReturn(result, List.of());
    }
    call = NO_CALL;
  }

  /** Calls that act on mappings or tasks, when the trace has nothing but their number. */
  private boolean isUnusable() {
    if (argumentCount > 0) {
      return false;
    }
    return switch ((int) call) {
      case 9, 10, 11, 12, 15, 25, 28, 56, 57, 58, 59, 60, 61, 202, 231, 322, 435 -> true;
      default -> false;
    };
  }
}
