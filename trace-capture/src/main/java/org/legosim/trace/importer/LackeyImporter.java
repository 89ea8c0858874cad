package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.format.Ltrace;

/**
 * The output of valgrind's tool lackey: {@code valgrind --tool=lackey --trace-mem=yes [--trace-syscalls=yes]
 * [--trace-sched=yes]}. Instruction lines are counted and give the accesses their instruction's address; they
 * are not fetch records. A modify line is a load and a store of one instruction.
 *
 * <p>Valgrind runs one thread at a time and prints one stream. Its thread numbers are small and used again; a trace has the
 * numbers that clone returned, which is what a new number is taken for.
 */
public final class LackeyImporter extends ForeignImporter {
  /** Of the first process; valgrind's lines of system calls carry the real one. */
  private static final int FIRST_THREAD = 1;

  private static final long CLONE_THREAD = 0x10000;
  private static final long CLONE = 56;
  private static final long EXIT = 60;
  private static final long EXIT_GROUP = 231;
  private static final long RT_SIGRETURN = 15;

  public LackeyImporter() {
    super("lackey");
  }

  @Override
  public boolean recognises(byte[] head, int length) {
    String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
    return text.startsWith("==") && text.contains("== Lackey");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    try (ImportSession session = new ImportSession(target, false, X86_64, name)) {
      Conversion conversion = new Conversion(new LineInput(in, name), session);
      requireSome(conversion.run(), name);
    }
  }

  private static final class Conversion {
    private final LineInput lines;
    private final ImportSession session;
    private final Map<Long, Integer> tidOf = new HashMap<>();
    private final Map<Integer, LackeyCall> pendingCalls = new HashMap<>();
    private final Deque<Integer> clonedTids = new ArrayDeque<>();
    private int pid = ONLY_PID;
    private long instructions;
    private long pc = Ltrace.NO_PC;
    private long accesses;

    Conversion(LineInput lines, ImportSession session) {
      this.lines = lines;
      this.session = session;
    }

    long run() throws IOException {
      while (lines.nextLine()) {
        char first = lines.charAt(0);
        if (first == 'I' && lines.charAt(1) == ' ') {
          instruction();
        } else if (first == ' ' && lines.charAt(2) == ' ' && lines.charAt(1) != '-') {
          data();
        } else if (first == 'S' && lines.charAt(1) == 'Y') {
          systemCall();
        } else if (first == '-' && lines.charAt(1) == '-') {
          schedule(lines.line());
        } else if (first != '=' && first != 0 && !isContinued()) {
          throw lines.error("is no line of lackey's");
        }
      }
      return accesses;
    }

    /** Valgrind's own remarks: blank lines, lines of a dash, stars. */
    private boolean isContinued() {
      char next = lines.peek();
      return next == 0 || next == '-' || next == '*' || next == '=';
    }

    private void instruction() {
      lines.expect('I');
      pc = lines.hex("the instruction's address");
      instructions++;
    }

    private void data() {
      char kind = lines.peek();
      lines.expect(kind);
      long address = lines.hex("the address");
      lines.expect(',');
      long bytes = lines.decimal("the size");
      lines.requireEnd();
      if (kind != 'L' && kind != 'S' && kind != 'M') {
        throw lines.error("the access is none of L load, S store, M modify");
      }
      if (kind != 'S') {
        access(AccessKind.LOAD, bytes, address);
      }
      if (kind != 'L') {
        access(AccessKind.STORE, bytes, address);
      }
    }

    private void access(int kind, long bytes, long address) {
      session.access(kind, bytes, address, instructions, pc, lines.place());
      instructions = 0;
      accesses++;
    }

    /** {@code --PID--   SCHED[TID]: acquired lock}: the lines that follow are that thread's. */
    private void schedule(String line) {
      int at = line.indexOf("SCHED[");
      int end = line.indexOf("]:", at);
      if (at < 0 || end < 0 || !line.contains("acquired lock")) {
        return;
      }
      int dashes = line.lastIndexOf("--", at);
      int numberAt = dashes < 0 ? -1 : line.lastIndexOf("--", dashes - 1);
      if (numberAt >= 0) {
        notePid(line.substring(numberAt + 2, dashes));
      }
      switchTo(Long.parseLong(line, at + "SCHED[".length(), end, 10));
    }

    private void notePid(String number) {
      if (accesses == 0 && number.matches("[0-9]{1,9}")) {
        pid = Integer.parseInt(number);
      }
    }

    private void switchTo(long valgrindTid) {
      Integer known = tidOf.get(valgrindTid);
      if (known == null) {
        Integer cloned = valgrindTid == FIRST_THREAD ? (Integer) pid : clonedTids.poll();
        known = cloned == null ? pid + (int) valgrindTid : cloned;
        tidOf.put(valgrindTid, known);
      }
      session.switchTo(pid, known);
    }

    private void systemCall() {
      String line = lines.line();
      LackeyCall call = LackeyCall.parse(line);
      if (call == null) {
        throw lines.error("is no system call as lackey prints one");
      }
      notePid(Integer.toString(call.pid()));
      switchTo(call.tid());
      int tid = call.tid();
      if (!call.isCompletion()) {
        enter(call);
        instructions = 0;
        pendingCalls.put(tid, call);
      }
      LackeyCall entered = pendingCalls.getOrDefault(tid, call);
      if (call.hasResult()) {
        finish(entered, call.result());
      } else if (entered.number() == EXIT_GROUP) {
        finish(entered, 0);
      }
      int glued = line.indexOf("--", line.indexOf("Success("));
      if (call.hasResult() && glued > 0 && line.contains("SCHED[")) {
        schedule(line.substring(glued));
      }
    }

    private void enter(LackeyCall call) {
      long[] arguments = call.arguments().stream().mapToLong(Long::longValue).toArray();
      session
          .thread()
          .syscallEnter(instructions, call.number(), arguments, arguments.length, call.strings());
    }

    private void finish(LackeyCall call, long result) {
      pendingCalls.remove(call.tid());
      if (call.number() == EXIT || call.number() == EXIT_GROUP) {
        session.exit();
        tidOf.remove((long) call.tid());
        return;
      }
      if (call.number() != RT_SIGRETURN) {
        session.thread().syscallReturn(result, List.of());
      }
      boolean isThread = call.number() == CLONE
          && !call.arguments().isEmpty()
          && (call.arguments().get(0) & CLONE_THREAD) != 0;
      if (isThread && result > 0) {
        clonedTids.add((int) result);
      }
    }
  }
}
