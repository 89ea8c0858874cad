package org.legosim.trace.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.Sites;
import org.legosim.trace.TraceImporter;
import org.legosim.trace.format.BlockEncoder;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * Reads the text form. The order of lines becomes the global order; where a run of lines of one thread ends in an
 * ordinary access, the place is fixed by an ORDER entry.
 */
public final class TextReader implements TraceImporter {
  static final String MAGIC = "legosim-text";
  static final String ASSUMED = "assumed-instructions";
  private static final int MOST_LINE_BYTES = 1 << 20;
  private static final int MOST_ARGUMENTS = 6;

  @Override
  public String format() {
    return "text";
  }

  @Override
  public boolean recognises(byte[] head, int length) {
    byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
    return length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  @Override
  public void convert(InputStream in, String name, Target target) {
    try {
      new Conversion(name, target).run(in);
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A process of the text, and the mappings that have been listed for its current image. */
  private static final class Begun {
    final int pid;
    final List<Mapping> mappings = new ArrayList<>();
    boolean isListing = true;
    int image;

    Begun(int pid) {
      this.pid = pid;
    }
  }

  private static final class Conversion {
    private final TextLine line;
    private final Target target;
    private final Map<Integer, Begun> processes = new HashMap<>();
    private final long[] arguments = new long[MOST_ARGUMENTS];
    private @Nullable LtraceWriter writer;
    private @Nullable Begun process;
    private int tid = -1;
    private @Nullable ThreadWriter thread;

    Conversion(String name, Target target) {
      this.line = new TextLine(name);
      this.target = target;
    }

    void run(InputStream in) throws IOException {
      byte[] buffer = new byte[1 << 16];
      int filled = 0;
      long number = 0;
      while (true) {
        int read = in.read(buffer, filled, buffer.length - filled);
        int from = 0;
        int limit = filled + Math.max(0, read);
        for (int i = filled; i < limit; i++) {
          if (buffer[i] == '\n') {
            line.reset(buffer, from, i, ++number);
            takeLine(number == 1);
            from = i + 1;
          }
        }
        if (read < 0) {
          if (from < limit) {
            line.reset(buffer, from, limit, ++number);
            takeLine(number == 1);
          }
          break;
        }
        filled = limit - from;
        System.arraycopy(buffer, from, buffer, 0, filled);
        if (filled == buffer.length) {
          if (filled == MOST_LINE_BYTES) {
            line.reset(buffer, 0, 0, number + 1);
            throw line.error("the line is longer than " + MOST_LINE_BYTES + " bytes");
          }
          buffer = Arrays.copyOf(buffer, 2 * filled);
        }
      }
      line.reset(buffer, 0, 0, number + 1);
      finish();
    }

    private void finish() {
      LtraceWriter out = writer;
      if (out == null) {
        throw line.error("the text is empty; its first line is \"" + MAGIC + " 1\"");
      }
      for (Begun one : processes.values()) {
        flushImage(one);
      }
      out.close();
    }

    private void takeLine(boolean isFirst) {
      if (isFirst) {
        takeHeader();
        return;
      }
      if (line.isAtEnd()) {
        return;
      }
      char key = line.keyCharacter();
      switch (key) {
        case 'L' -> takeAccess(AccessKind.LOAD);
        case 'S' -> takeAccess(AccessKind.STORE);
        case 'A' -> takeAccess(AccessKind.ATOMIC);
        case 'I' -> takeAccess(AccessKind.FETCH);
        case '>' -> takeEnter();
        case '<' -> takeReturn();
        case '!' -> takeEvent();
        case 'P' -> takeProcess();
        case 'M' -> takeMapping();
        case 'T' -> takeThread();
        default -> throw line.error("a line begins with one of P M T L S A I > < ! #");
      }
      line.requireEnd();
    }

    private void takeHeader() {
      if (!line.word().equals(MAGIC)) {
        throw line.error("the first line must be \"" + MAGIC + " 1\"");
      }
      long version = line.number("the version");
      if (version != 1) {
        throw line.error("version " + version + " is not known; this legosim reads version 1");
      }
      boolean isAssumed = false;
      if (!line.isAtEnd()) {
        isAssumed = line.word().equals(ASSUMED);
        if (!isAssumed) {
          throw line.error("after the version only \"" + ASSUMED + "\" may stand");
        }
      }
      line.requireEnd();
      writer = target.open(new FileHeader(false, isAssumed, Ltrace.ARCHITECTURE_X86_64, 0));
    }

    private void takeProcess() {
      fixOrder();
      int pid = (int) line.number("a pid", 1, Integer.MAX_VALUE);
      thread = null;
      tid = -1;
      if (line.isAtEnd()) {
        process = processes.get(pid);
        if (process == null) {
          throw line.error("process " + pid + " has not begun: give its parent's pid and its name");
        }
        return;
      }
      int parent = (int) line.number("the parent's pid", 0, Integer.MAX_VALUE);
      String processName = line.string("the name");
      List<String> vector = line.optionalStrings("the arguments");
      Begun started = new Begun(pid);
      if (processes.putIfAbsent(pid, started) != null) {
        throw line.error(
            "process " + pid + " has already begun; \"P " + pid + "\" goes back to it");
      }
      process = started;
      requireWriter().process(new ProcessBlock(pid, pid, parent, processName, vector));
    }

    private void takeMapping() {
      Begun owner = requireProcess();
      if (!owner.isListing) {
        throw line.error("mappings stand directly after P or ! exec");
      }
      long start = line.number("a mapping's start");
      long end = line.number("a mapping's end");
      String protection = line.word();
      if (!ImageBlock.protection(ImageBlock.protectionBits((protection + "----").substring(0, 4)))
          .equals(protection)) {
        throw line.error("a mapping's permissions are four characters such as r-xp");
      }
      long offset = line.number("a file offset");
      String file = line.peek() == '"' ? line.string("a file") : line.word();
      owner.mappings.add(new Mapping(start, end, protection, offset, file));
      String problem = ImageBlock.firstProblem(owner.mappings);
      if (!problem.isEmpty()) {
        throw line.error(problem);
      }
    }

    private void takeThread() {
      fixOrder();
      Begun owner = requireProcess();
      tid = (int) line.number("a tid", 1, Integer.MAX_VALUE);
      thread = requireWriter().thread(owner.pid, tid);
    }

    private void takeAccess(int kind) {
      ThreadWriter to = requireThread();
      long address = line.number("an address");
      int bytes = (int) line.number("the size of an access", 1, 64);
      long instructions = line.number("the number of instructions", 0, Integer.MAX_VALUE);
      long pc = Ltrace.NO_PC;
      long registers = ThreadWriter.NO_REGISTERS;
      if (line.peek() == '@') {
        line.skip();
        if (line.peek() == '?') {
          line.skip();
        } else {
          pc = line.number("a site");
        }
        if (line.peek() == ':') {
          line.skip();
          registers = registers();
        }
      }
      to.access(AccessBatch.shapeOf(kind, bytes), address, instructions, pc, registers);
    }

    /** {@code 3+5>0}: address registers, then the register defined; {@code -} when there is neither. */
    private long registers() {
      if (line.peek() == '-') {
        line.skip();
        return BlockEncoder.registersOf(0, Sites.NO_REGISTER);
      }
      int set = 0;
      while (line.peek() != '>' && !line.isAtEnd()) {
        set |= 1 << register();
        if (line.peek() == '+') {
          line.skip();
        }
      }
      int defined = Sites.NO_REGISTER;
      if (line.peek() == '>') {
        line.skip();
        defined = register();
      }
      return BlockEncoder.registersOf(set, defined);
    }

    private int register() {
      long register = line.decimal("a register");
      if (register < 0 || register > 31) {
        throw line.error("register " + register + " is not between 0 and 31");
      }
      return (int) register;
    }

    private void takeEnter() {
      ThreadWriter to = requireThread();
      long instructions = line.number("the number of instructions", 0, Long.MAX_VALUE);
      long number = line.number("the system call's number", 0, Long.MAX_VALUE);
      int count = 0;
      while (!line.isAtEnd() && line.peek() != '[') {
        if (count == MOST_ARGUMENTS) {
          throw line.error("a system call has at most " + MOST_ARGUMENTS + " arguments");
        }
        arguments[count++] = line.number("an argument");
      }
      to.syscallEnter(instructions, number, arguments, count, strings());
    }

    private void takeReturn() {
      ThreadWriter to = requireThread();
      long result = line.number("the result");
      to.syscallReturn(result, strings());
    }

    private List<String> strings() {
      List<String> strings = line.optionalStrings("the strings");
      try {
        ThreadWriter.requireAllowed(strings);
      } catch (TraceException e) {
        throw line.error(String.valueOf(e.getMessage()));
      }
      return strings;
    }

    private void takeEvent() {
      ThreadWriter to = requireThread();
      String kind = line.word();
      switch (kind) {
        case "signal" -> to.signal(line.number("the signal", 0, Long.MAX_VALUE));
        case "mark" -> {
          String mark = line.string("the mark's name");
          to.mark(mark);
        }
        case "exit" -> {
          to.exit();
          thread = null;
          tid = -1;
        }
        case "exec" -> {
          to.exec();
          Begun owner = requireProcess();
          owner.image++;
          owner.isListing = true;
        }
        default -> throw line.error("after ! stands one of signal, exec, exit, mark");
      }
    }

    private ThreadWriter requireThread() {
      if (thread == null) {
        throw line.error(
            "no thread has been named for this record: a line T with its tid must precede it");
      }
      flushImage(requireProcess());
      return thread;
    }

    private Begun requireProcess() {
      if (process == null) {
        throw line.error("no process has begun: a line P must come first");
      }
      return process;
    }

    private LtraceWriter requireWriter() {
      if (writer == null) {
        throw line.error("the first line must be \"" + MAGIC + " 1\"");
      }
      return writer;
    }

    /** The list of mappings is complete when the process's next record, or the end, is reached. */
    private void flushImage(Begun owner) {
      if (!owner.isListing) {
        return;
      }
      owner.isListing = false;
      boolean isListed = !owner.mappings.isEmpty() || owner.image > 0;
      if (isListed) {
        requireWriter().image(owner.pid, new ImageBlock(owner.pid, owner.image, owner.mappings));
        owner.mappings.clear();
      }
    }

    private void fixOrder() {
      if (thread != null) {
        thread.order();
      }
    }
  }
}
