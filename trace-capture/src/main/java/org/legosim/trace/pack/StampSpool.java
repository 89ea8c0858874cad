package org.legosim.trace.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.OutputException;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.ByteSource;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/**
 * The stamps of all threads in a temporary file, one thread after the other, so that the passes over the global order
 * need not decode accesses and hold no more than a small buffer per thread. The file is gone when the spool is closed.
 */
final class StampSpool implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int CURSOR_BYTES = 1 << 13;
  private static final int HAS_STORES = 0x80;
  private static final int MOST_STAMP_BYTES = Ltrace.MAX_STRING_BYTES + 4096;

  private final FileChannel channel;
  private final ByteSink sink = new ByteSink(2 * CHUNK_BYTES);
  private final LongArray starts = new LongArray();
  private long written;
  private long lastSequence;
  private long lastRecord;
  private int lastImage;

  StampSpool(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "legosim-", ".stamps");
      channel = FileChannel.open(
          file,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new OutputException(folder + ": no temporary file can be made: " + e.getMessage(), e);
    }
  }

  /** Begins the next thread. */
  void startThread() {
    flush();
    starts.add(written);
    lastSequence = 0;
    lastRecord = 0;
    lastImage = 0;
  }

  void add(Stamp stamp) {
    sink.putByte(stamp.kind | (stamp.stores > 0 ? HAS_STORES : 0));
    sink.putVarint(stamp.sequence - lastSequence);
    sink.putVarint(stamp.record - lastRecord);
    sink.putVarint(stamp.image - lastImage);
    lastSequence = stamp.sequence;
    lastRecord = stamp.record;
    lastImage = stamp.image;
    if (stamp.stores > 0) {
      sink.putVarint(stamp.stores);
      for (int i = 0; i < stamp.stores; i++) {
        sink.putVarint(stamp.storeAddress[i]);
        sink.putVarint(stamp.storeRecord[i]);
      }
    }
    switch (stamp.kind) {
      case Ltrace.ATOMIC -> {
        sink.putVarint(stamp.address);
        sink.putByte(stamp.bytes);
        sink.putVarint(stamp.number);
      }
      case Ltrace.SYSCALL_ENTER -> {
        sink.putVarint(stamp.number);
        for (long argument : stamp.arguments) {
          sink.putZigzag(argument);
        }
      }
      case Ltrace.SYSCALL_RETURN -> {
        sink.putZigzag(stamp.number);
        sink.putZigzag(stamp.result);
        sink.putVarint(stamp.strings.length);
        List.of(stamp.strings).forEach(sink::putString);
      }
      case Ltrace.SIGNAL -> sink.putVarint(stamp.number);
      default -> {}
    }
    if (sink.size() >= CHUNK_BYTES) {
      flush();
    }
  }

  /** A cursor over one thread's stamps; call after the last one was added. */
  Cursor cursor(int thread) {
    flush();
    long end = thread + 1 < starts.size() ? starts.get(thread + 1) : written;
    return new Cursor(starts.get(thread), end);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void flush() {
    ByteBuffer bytes = ByteBuffer.wrap(sink.array(), 0, sink.size());
    try {
      while (bytes.hasRemaining()) {
        written += channel.write(bytes, written);
      }
    } catch (IOException e) {
      throw failure(e);
    }
    sink.clear();
  }

  private static OutputException failure(IOException e) {
    return new OutputException("a temporary file failed: " + e.getMessage(), e);
  }

  /** Reads one thread's stamps in order. */
  final class Cursor {
    private final ByteSource source = new ByteSource("a temporary file");
    private final long end;
    private long bufferStart;
    private byte[] buffer = {};
    private int filled;
    private int at;
    private long sequence;
    private long record;
    private int image;

    private Cursor(long start, long end) {
      this.bufferStart = start;
      this.end = end;
    }

    /**
     * Moves to the next stamp.
     *
     * @return whether there is one
     */
    boolean next(Stamp stamp) {
      if (bufferStart + at == end) {
        buffer = new byte[0];
        return false;
      }
      // A stamp is short unless it carries strings: read little, and more when that was not enough.
      if (filled - at < CURSOR_BYTES / 4 && bufferStart + filled < end) {
        fill(CURSOR_BYTES);
      }
      if (!stampFits()) {
        fill(MOST_STAMP_BYTES);
      }
      source.reset(buffer, at, filled, bufferStart);
      read(stamp);
      at = source.position();
      return true;
    }

    /** Whether the buffer surely holds the next stamp: only a returning call can be long. */
    private boolean stampFits() {
      return filled - at >= MOST_STAMP_BYTES
          || bufferStart + filled == end
          || (buffer[at] & ~HAS_STORES) != Ltrace.SYSCALL_RETURN;
    }

    private void fill(int bytes) {
      bufferStart += at;
      int wanted = (int) Math.min(bytes, end - bufferStart);
      if (buffer.length < wanted || (buffer.length > CURSOR_BYTES && wanted <= CURSOR_BYTES)) {
        buffer = new byte[Math.max(wanted, CURSOR_BYTES)];
      }
      ByteBuffer target = ByteBuffer.wrap(buffer, 0, wanted);
      try {
        while (target.hasRemaining()) {
          if (channel.read(target, bufferStart + target.position()) < 0) {
            throw new OutputException("a temporary file was cut while it was in use");
          }
        }
      } catch (IOException e) {
        throw failure(e);
      }
      filled = wanted;
      at = 0;
    }

    private void read(Stamp stamp) {
      int first = source.byteValue();
      stamp.kind = first & ~HAS_STORES;
      sequence += source.varint();
      record += source.varint();
      image += (int) source.varint();
      stamp.sequence = sequence;
      stamp.record = record;
      stamp.image = image;
      stamp.strings = Stamp.NO_STRINGS;
      stamp.stores = (first & HAS_STORES) == 0 ? 0 : (int) source.varint();
      for (int i = 0; i < stamp.stores; i++) {
        stamp.storeAddress[i] = source.varint();
        stamp.storeRecord[i] = source.varint();
      }
      switch (stamp.kind) {
        case Ltrace.ATOMIC -> {
          stamp.address = source.varint();
          stamp.bytes = source.byteValue();
          stamp.number = source.varint();
        }
        case Ltrace.SYSCALL_ENTER -> {
          stamp.number = source.varint();
          Arrays.setAll(stamp.arguments, i -> source.zigzag());
        }
        case Ltrace.SYSCALL_RETURN -> {
          stamp.number = source.zigzag();
          stamp.result = source.zigzag();
          int count = (int) source.varint();
          if (count > 0) {
            stamp.strings = new String[count];
            Arrays.setAll(stamp.strings, i -> source.string(Ltrace.MAX_STRING_BYTES));
          }
        }
        case Ltrace.SIGNAL -> stamp.number = source.varint();
        default -> {}
      }
    }
  }
}
