package org.legosim.trace.pack;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which write fed which read of a pipe, from the descriptors that pipe returned and the bytes that went through. Processes
 * that fork inherit descriptors.
 */
final class PipeTable {
  private static final long O_CLOEXEC = 0x80000;

  /** A record that others may wait for. */
  record Source(int thread, long record) {}

  private static final class Write {
    final Source source;
    long bytes;

    Write(Source source, long bytes) {
      this.source = source;
      this.bytes = bytes;
    }
  }

  private static final class Pipe {
    final Deque<Write> writes = new ArrayDeque<>();
    /** Bytes of the first write that have been read. */
    long consumed;

    @Nullable
    Source lastWriterGone;
  }

  private record End(Pipe pipe, boolean isWriter, boolean closesOnExec) {}

  private final Map<Integer, Map<Integer, End>> descriptors = new HashMap<>();
  private final Map<Integer, Write> writing = new HashMap<>();

  boolean isEmpty() {
    return descriptors.isEmpty();
  }

  /** A pipe was made. */
  void open(int pid, int readDescriptor, int writeDescriptor, long flags) {
    Pipe pipe = new Pipe();
    boolean closesOnExec = (flags & O_CLOEXEC) != 0;
    table(pid).put(readDescriptor, new End(pipe, false, closesOnExec));
    table(pid).put(writeDescriptor, new End(pipe, true, closesOnExec));
  }

  void fork(int pid, int child) {
    Map<Integer, End> inherited = descriptors.get(pid);
    if (inherited != null) {
      descriptors.putIfAbsent(child, new TreeMap<>(inherited));
    }
  }

  void exec(int pid, Source source) {
    Map<Integer, End> open = descriptors.get(pid);
    if (open != null) {
      open.entrySet().removeIf(entry -> {
        if (entry.getValue().closesOnExec()) {
          release(entry.getValue(), source);
        }
        return entry.getValue().closesOnExec();
      });
    }
  }

  void close(int pid, int descriptor, Source source) {
    End end = descriptors.containsKey(pid) ? table(pid).remove(descriptor) : null;
    if (end != null) {
      release(end, source);
    }
  }

  /** All descriptors of a process are closed by its end. */
  void exit(int pid, Source source) {
    Map<Integer, End> open = descriptors.remove(pid);
    if (open != null) {
      open.values().forEach(end -> release(end, source));
    }
  }

  void duplicate(int pid, int from, int to, Source source) {
    if (!descriptors.containsKey(pid) || from == to) {
      return;
    }
    close(pid, to, source);
    End end = table(pid).get(from);
    if (end != null) {
      table(pid).put(to, new End(end.pipe(), end.isWriter(), false));
    }
  }

  /** A write begins; how much it writes is known when it returns. */
  void startWrite(int pid, int descriptor, Source source, long bytes) {
    End end = find(pid, descriptor);
    if (end != null && end.isWriter()) {
      Write write = new Write(source, bytes);
      end.pipe().writes.addLast(write);
      writing.put(source.thread(), write);
    }
  }

  void endWrite(int thread, long result) {
    Write write = writing.remove(thread);
    if (write != null) {
      write.bytes = Math.max(0, result);
    }
  }

  /**
   * A read returns.
   *
   * @return what it waited for: the write of its last byte, or at the end of the data who let go of the writing end
   */
  @Nullable
  Source endRead(int pid, int descriptor, long result) {
    End end = find(pid, descriptor);
    if (end == null || end.isWriter() || result < 0) {
      return null;
    }
    Pipe pipe = end.pipe();
    if (result == 0) {
      return pipe.lastWriterGone;
    }
    long left = result + pipe.consumed;
    Source source = null;
    for (Write write = pipe.writes.peekFirst(); write != null; write = pipe.writes.peekFirst()) {
      source = write.source;
      if (write.bytes >= left) {
        pipe.consumed = left;
        return source;
      }
      left -= write.bytes;
      pipe.writes.removeFirst();
    }
    pipe.consumed = 0;
    return source;
  }

  private void release(End end, Source source) {
    if (end.isWriter()) {
      end.pipe().lastWriterGone = source;
    }
  }

  private @Nullable End find(int pid, int descriptor) {
    Map<Integer, End> open = descriptors.get(pid);
    return open == null ? null : open.get(descriptor);
  }

  private Map<Integer, End> table(int pid) {
    return descriptors.computeIfAbsent(pid, key -> new TreeMap<>());
  }
}
