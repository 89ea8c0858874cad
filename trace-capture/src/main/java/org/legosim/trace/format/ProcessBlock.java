package org.legosim.trace.format;

import java.util.ArrayList;
import java.util.List;

/**
 * A process begins.
 *
 * @param tid its first thread
 * @param parentPid 0: none, or outside the trace
 * @param arguments the vector it was started with; empty when not known
 */
public record ProcessBlock(int pid, int tid, int parentPid, String name, List<String> arguments) {
  private static final int MOST_ARGUMENTS = 1 << 16;

  public ProcessBlock {
    arguments = List.copyOf(arguments);
  }

  /** A process whose beginning the trace does not tell. */
  public static ProcessBlock unnamed(int pid) {
    return new ProcessBlock(pid, pid, 0, "", List.of());
  }

  public void encode(ByteSink out) {
    out.putVarint(parentPid);
    out.putString(name);
    out.putVarint(arguments.size());
    arguments.forEach(out::putString);
  }

  public static ProcessBlock decode(ByteSource in, int pid, int tid) {
    int parentPid = in.count(Integer.MAX_VALUE, "the parent's pid");
    String name = in.string(Ltrace.MAX_STRING_BYTES);
    int count = in.count(MOST_ARGUMENTS, "the number of arguments");
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arguments.add(in.string(Ltrace.MAX_RAW_BYTES));
    }
    if (!in.isAtEnd()) {
      throw in.damage("a process is followed by more");
    }
    return new ProcessBlock(pid, tid, parentPid, name, arguments);
  }
}
