package org.legosim.trace.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.legosim.timing.TraceException;

/** Finds and checks every block of a file, one after the other, without an index. */
public final class TraceScanner {
  private record ThreadKey(int pid, int tid) {}

  /** The thread that last had a key, and what its next block may be. */
  private static final class Open {
    final ThreadBlocks blocks;
    int image;
    int number;
    boolean hasEnded;

    Open(ThreadBlocks blocks) {
      this.blocks = blocks;
    }
  }

  private static final int MOST_REMARKS = 4096;

  private final FileChannel channel;
  private final String name;
  private final BlockReader reader;
  private final ByteSource source;
  private final Map<Integer, ProcessBlock> processes = new LinkedHashMap<>();
  private final Map<Long, ImageBlock> images = new LinkedHashMap<>();
  private final Map<ThreadKey, Open> open = new HashMap<>();
  private final List<ThreadBlocks> threads = new ArrayList<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();

  private TraceScanner(FileChannel channel, String name, BlockReader reader) {
    this.channel = channel;
    this.name = name;
    this.reader = reader;
    this.source = new ByteSource(name);
  }

  /**
   * Scans a file from its header to its end, or to its index.
   *
   * @param recover whether a damaged block ends the trace before it instead of raising an error
   * @throws TraceException at the first damage, with its byte offset
   */
  public static ScannedTrace scan(FileChannel channel, String name, boolean recover) {
    try (BlockReader reader = new BlockReader(channel, name)) {
      return new TraceScanner(channel, name, reader).scan(recover);
    }
  }

  /** Reads and checks the first 64 bytes. */
  public static FileHeader readFileHeader(FileChannel channel, String name) {
    ByteBuffer bytes = ByteBuffer.allocate(Ltrace.FILE_HEADER_BYTES);
    try {
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes, bytes.position());
      }
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
    return FileHeader.decode(bytes.array(), bytes.position(), name);
  }

  private ScannedTrace scan(boolean recover) {
    FileHeader header = readFileHeader(channel, name);
    long at = Ltrace.FILE_HEADER_BYTES;
    long blocks = 0;
    Optional<String> damage = Optional.empty();
    try {
      for (long size = channel.size(); at < size; blocks++) {
        long next = reader.read(at);
        if (reader.header().kind >= Ltrace.GATES) {
          requireIndexAllowed(header, at);
          break;
        }
        take(at);
        at = next;
      }
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    } catch (TraceException e) {
      if (!recover) {
        throw e;
      }
      damage = Optional.of(String.valueOf(e.getMessage()));
    }
    threads.sort(ThreadBlocks.CANONICAL);
    return new ScannedTrace(
        header,
        List.copyOf(processes.values()),
        List.copyOf(images.values()),
        List.copyOf(threads),
        remarks,
        blocks,
        at,
        damage);
  }

  private void requireIndexAllowed(FileHeader header, long at) {
    if (!header.isPacked()) {
      throw Damage.at(name, at, "an index stands in a file that is not packed");
    }
  }

  private void take(long at) {
    BlockHeader block = reader.header();
    source.reset(reader.raw(), 0, block.rawBytes, at);
    switch (block.kind) {
      case Ltrace.RECORDS -> takeRecords(block, at);
      case Ltrace.PROCESS -> {
        if (processes.put(block.pid, ProcessBlock.decode(source, block.pid, block.tid)) != null) {
          throw Damage.at(name, at, "process " + block.pid + " begins twice");
        }
      }
      case Ltrace.IMAGE -> {
        long key = (long) block.pid << Integer.SIZE | block.image;
        if (images.put(key, ImageBlock.decode(source, block.pid, block.image)) != null) {
          throw Damage.at(
              name, at, "image " + block.image + " of process " + block.pid + " comes twice");
        }
      }
      default -> takeRemarks();
    }
  }

  private void takeRecords(BlockHeader block, long at) {
    Open thread = threadOf(block);
    if (block.image > thread.image && block.number == 0) {
      thread.image = block.image;
      thread.number = 0;
    }
    if (thread.hasEnded || block.image != thread.image || block.number != thread.number) {
      throw Damage.at(
          name,
          at,
          String.format(
              Locale.ROOT,
              "block %d of image %d of %s is out of turn",
              block.number,
              block.image,
              thread.blocks));
    }
    thread.number++;
    thread.hasEnded = block.isLast();
    thread.blocks.add(at, block.entries == 0 ? ThreadBlocks.NO_SEQUENCE : block.firstSequence);
  }

  /** The thread that a block belongs to: the one known by its ids, unless that has ended and this begins another. */
  private Open threadOf(BlockHeader block) {
    ThreadKey key = new ThreadKey(block.pid, block.tid);
    Open known = open.get(key);
    int generation = 0;
    if (known != null) {
      boolean isAnother = known.hasEnded && block.number == 0;
      if (!isAnother) {
        return known;
      }
      generation = known.blocks.generation() + 1;
    }
    Open begun = new Open(new ThreadBlocks(block.pid, block.tid, generation));
    begun.image = block.image;
    threads.add(begun.blocks);
    open.put(key, begun);
    return begun;
  }

  private void takeRemarks() {
    int count = source.count(MOST_REMARKS, "the number of remarks");
    for (int i = 0; i < count; i++) {
      String key = source.string(Ltrace.MAX_RAW_BYTES);
      remarks.put(key, source.string(Ltrace.MAX_RAW_BYTES));
    }
    if (!source.isAtEnd()) {
      throw source.damage("remarks are followed by more");
    }
  }
}
