package org.legosim.trace.format;

import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a trace as a capture does: appended blocks, no index. Several threads of the trace are written in any
 * interleaving; the order in which their events and atomics are added is the global order.
 *
 * <p>Holds one block per thread that has begun and not ended. Not safe for use by several threads.
 */
public final class LtraceWriter implements AutoCloseable {
  private record ThreadKey(int pid, int tid) {}

  private final BlockAppender appender;
  private final ByteSink payload = new ByteSink(1 << 10);
  private final Map<ThreadKey, ThreadWriter> threads = new LinkedHashMap<>();
  private final Map<Integer, Integer> imageOfProcess = new HashMap<>();
  private final Deque<BlockEncoder> idleEncoders = new ArrayDeque<>();
  private int remarks;
  private long nextSequence = 1;

  /**
   * @param channel positioned at the start of an empty file; closed by the caller
   * @param name of the file, for messages
   */
  public LtraceWriter(FileChannel channel, String name, FileHeader fileHeader) {
    appender = new BlockAppender(channel, name);
    appender.put(fileHeader.encode(), Ltrace.FILE_HEADER_BYTES);
  }

  /** A process begins; once per pid. */
  public void process(ProcessBlock process) {
    payload.clear();
    process.encode(payload);
    appender.header().start(Ltrace.PROCESS, process.pid(), process.tid(), 0, 0);
    appender.append(List.of(payload));
  }

  /** The mappings that the process began with, or that its last exec left. */
  public void image(int pid, ImageBlock image) {
    payload.clear();
    image.encode(payload);
    appender.header().start(Ltrace.IMAGE, pid, pid, image.image(), 0);
    appender.append(List.of(payload));
  }

  /** Facts about the capture, for {@code trace info}. */
  public void remark(Map<String, String> facts) {
    payload.clear();
    payload.putVarint(facts.size());
    facts.forEach((key, value) -> {
      payload.putString(key);
      payload.putString(value);
    });
    appender.header().start(Ltrace.REMARK, 0, 0, 0, remarks++);
    appender.append(List.of(payload));
  }

  /** The writer of a thread's records: the same until the thread ends, then a new thread's. */
  public ThreadWriter thread(int pid, int tid) {
    return threads.computeIfAbsent(
        new ThreadKey(pid, tid), key -> new ThreadWriter(this, pid, tid, takeEncoder()));
  }

  /** How often exec has been called in this process. */
  public int imageOf(int pid) {
    return imageOfProcess.getOrDefault(pid, 0);
  }

  /** Writes what is pending and hands the bytes to the file. */
  @Override
  public void close() {
    threads.values().forEach(thread -> thread.writeBlock(0));
    threads.clear();
    appender.flush();
  }

  long takeSequence() {
    return nextSequence++;
  }

  /** Completes the blocks of all threads of a process, whose next records belong to a new image. */
  void startImage(int pid) {
    for (ThreadWriter thread : new ArrayList<>(threads.values())) {
      if (thread.pid() == pid) {
        thread.writeBlock(0);
        thread.startImage();
      }
    }
    imageOfProcess.merge(pid, 1, Integer::sum);
  }

  void end(ThreadWriter thread, BlockEncoder encoder) {
    threads.remove(new ThreadKey(thread.pid(), thread.tid()));
    idleEncoders.push(encoder);
  }

  BlockAppender appender() {
    return appender;
  }

  private BlockEncoder takeEncoder() {
    BlockEncoder idle = idleEncoders.poll();
    return idle == null ? new BlockEncoder() : idle;
  }
}
