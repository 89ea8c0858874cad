package org.legosim.trace.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.legosim.timing.OutputException;

/**
 * Writes a trace as a capture does: appended blocks, no index. Several threads of the trace are written in any
 * interleaving; the order in which their events and atomics are added is the global order.
 *
 * <p>Holds one block per thread that has begun and not ended. Not safe for use by several threads.
 */
public final class LtraceWriter implements AutoCloseable {
  private record ThreadKey(int pid, int tid) {}

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final String name;
  private final BlockHeader header = new BlockHeader();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
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
    this.channel = channel;
    this.name = name;
    put(fileHeader.encode(), Ltrace.FILE_HEADER_BYTES);
  }

  /** A process begins; once per pid. */
  public void process(ProcessBlock process) {
    payload.clear();
    process.encode(payload);
    header.start(Ltrace.PROCESS, process.pid(), process.tid(), 0, 0);
    append(List.of(payload));
  }

  /** The mappings that the process began with, or that its last exec left. */
  public void image(int pid, ImageBlock image) {
    payload.clear();
    image.encode(payload);
    header.start(Ltrace.IMAGE, pid, pid, image.image(), 0);
    append(List.of(payload));
  }

  /** Facts about the capture, for {@code trace info}. */
  public void remark(Map<String, String> facts) {
    payload.clear();
    payload.putVarint(facts.size());
    facts.forEach((key, value) -> {
      payload.putString(key);
      payload.putString(value);
    });
    header.start(Ltrace.REMARK, 0, 0, 0, remarks++);
    append(List.of(payload));
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
    drain();
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

  BlockHeader header() {
    return header;
  }

  /** Appends a block whose header is filled in but for its checksums and, for other kinds than records, its lengths. */
  void append(List<ByteSink> parts) {
    crc.reset();
    int bytes = 0;
    for (ByteSink part : parts) {
      crc.update(part.array(), 0, part.size());
      bytes += part.size();
    }
    if (bytes > Ltrace.MAX_RAW_BYTES) {
      throw new OutputException(name + ": a " + header.kindName() + " block of " + bytes
          + " bytes exceeds " + Ltrace.MAX_RAW_BYTES);
    }
    header.rawBytes = bytes;
    header.storedBytes = bytes;
    header.payloadCrc = (int) crc.getValue();
    header.encode();
    put(header.bytes().array(), Ltrace.BLOCK_HEADER_BYTES);
    for (ByteSink part : parts) {
      put(part.array(), part.size());
    }
  }

  private BlockEncoder takeEncoder() {
    BlockEncoder idle = idleEncoders.poll();
    return idle == null ? new BlockEncoder() : idle;
  }

  private void put(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      int part = Math.min(length - at, buffer.remaining());
      buffer.put(bytes, at, part);
      at += part;
      if (!buffer.hasRemaining()) {
        drain();
      }
    }
  }

  private void drain() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw new OutputException(name + ": cannot be written: " + e.getMessage(), e);
    }
    buffer.clear();
  }
}
