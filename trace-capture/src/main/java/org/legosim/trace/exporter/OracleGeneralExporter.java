package org.legosim.trace.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.legosim.trace.AccessWalk;
import org.legosim.trace.LtraceFile;

/**
 * libCacheSim's oracleGeneral: a request of 4096 bytes for each page that an access touches, the object being the page's number,
 * the time the request's number. Pages of a second process and further ones are told apart by bits above 2^52. A request's next
 * time is found by going through the requests from the end, in a temporary file.
 */
final class OracleGeneralExporter implements TraceExporter {
  private static final int RECORD_BYTES = 24;
  private static final int AT_OBJECT = 4;
  private static final int AT_SIZE = 12;
  private static final int AT_NEXT = 16;
  private static final int CHUNK_RECORDS = 1 << 14;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;
  private static final int PROCESS_SHIFT = 52;
  private static final long NEVER_AGAIN = -1;

  @Override
  public String format() {
    return "oracle-general";
  }

  @Override
  public String leavesOut() {
    return "everything but the order of the pages";
  }

  @Override
  public void write(LtraceFile trace, OptionalInt thread, OutputStream out) throws IOException {
    Path file = Files.createTempFile("legosim-", ".requests");
    try (FileChannel requests = FileChannel.open(
        file,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE)) {
      Requests writer = new Requests(requests);
      AccessWalk.over(trace, thread, writer);
      writer.flush();
      fillNext(requests);
      requests.position(0);
      Channels.newInputStream(requests).transferTo(out);
    }
  }

  private static void fillNext(FileChannel requests) throws IOException {
    Map<Long, Long> nextOf = new HashMap<>();
    ByteBuffer chunk = buffer();
    long records = requests.size() / RECORD_BYTES;
    for (long end = records; end > 0; ) {
      long start = Math.max(0, end - CHUNK_RECORDS);
      chunk.clear().limit((int) (end - start) * RECORD_BYTES);
      while (chunk.hasRemaining()) {
        requests.read(chunk, start * RECORD_BYTES + chunk.position());
      }
      for (int i = (int) (end - start) - 1; i >= 0; i--) {
        int at = i * RECORD_BYTES;
        Long next = nextOf.put(chunk.getLong(at + AT_OBJECT), start + i);
        chunk.putLong(at + AT_NEXT, next == null ? NEVER_AGAIN : next);
      }
      chunk.rewind();
      while (chunk.hasRemaining()) {
        requests.write(chunk, start * RECORD_BYTES + chunk.position());
      }
      end = start;
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(CHUNK_RECORDS * RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static final class Requests implements AccessWalk.Visitor {
    private final FileChannel out;
    private final ByteBuffer chunk = buffer();
    private final Map<Integer, Integer> numberOfProcess = new HashMap<>();
    private long time;

    Requests(FileChannel out) {
      this.out = out;
    }

    @Override
    public void take(AccessWalk.Row row) throws IOException {
      int process = numberOfProcess.computeIfAbsent(row.pid, pid -> numberOfProcess.size());
      long last = (row.address + row.bytes - 1) >>> PAGE_SHIFT;
      for (long page = row.address >>> PAGE_SHIFT; page <= last; page++) {
        request((long) process << PROCESS_SHIFT | page);
      }
    }

    private void request(long object) throws IOException {
      if (!chunk.hasRemaining()) {
        flush();
      }
      int at = chunk.position();
      // The format's clock has 32 bits; what counts is the order.
      chunk.putInt(at, (int) Math.min(time++, 0xffff_ffffL));
      chunk.putLong(at + AT_OBJECT, object);
      chunk.putInt(at + AT_SIZE, PAGE_BYTES);
      chunk.position(at + RECORD_BYTES);
    }

    void flush() throws IOException {
      chunk.flip();
      while (chunk.hasRemaining()) {
        out.write(chunk);
      }
      chunk.clear();
    }
  }
}
