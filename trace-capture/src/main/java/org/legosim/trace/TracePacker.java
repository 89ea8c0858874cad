package org.legosim.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import org.legosim.timing.TraceException;
import org.legosim.trace.format.BlockAppender;
import org.legosim.trace.format.BlockHeader;
import org.legosim.trace.format.BlockReader;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.TraceScanner;
import org.legosim.trace.pack.Indexer;
import org.legosim.trace.pack.TraceIndex;

/** Makes packed traces: compressed as asked, with gates and an index. The output appears whole or not at all. */
public final class TracePacker {
  /**
   * How to pack.
   *
   * @param level of deflate, 1 to 9, or 0 to store: larger files that decode faster
   * @param recovers whether a damaged input counts up to its first damaged block
   */
  public record Options(int level, boolean recovers) {
    /** Deflate at level 6, which compresses traces as well as anything and decodes at about 100 M accesses/s. */
    public static final Options DEFAULT = new Options(6, false);

    public static final Options STORED = new Options(0, false);
  }

  private final Options options;

  public TracePacker(Options options) {
    this.options = options;
  }

  /**
   * Packs a native trace, packed before or not.
   *
   * @param out may be the input
   * @return the index written
   */
  public TraceIndex pack(Path in, Path out) {
    try (FileChannel data = TraceFiles.openInput(in)) {
      return packFrom(data, in.toString(), out);
    } catch (IOException e) {
      throw new TraceException(in + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Converts a foreign trace and packs it.
   *
   * @param format one of {@link Traces#importFormats}, or none to tell it by the first bytes
   * @param name of the input, for messages
   */
  public TraceIndex convert(InputStream in, String name, Optional<String> format, Path out) {
    try (FileChannel spool = TraceFiles.temporary("ltrace")) {
      Traces.toNative(in, name, format, spool);
      return packFrom(spool, name, out);
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** What a packer that recovers would leave out, in the words of the error that another would raise; nothing when whole. */
  public static Optional<String> damageOf(Path in) {
    try (FileChannel data = TraceFiles.openInput(in)) {
      return TraceScanner.scan(data, in.toString(), true).damage();
    } catch (IOException e) {
      throw new TraceException(in + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes a new trace and packs it. */
  public TraceIndex build(Path out, FileHeader header, Consumer<LtraceWriter> content) {
    try (FileChannel spool = TraceFiles.temporary("ltrace")) {
      try (LtraceWriter writer = new LtraceWriter(spool, out.toString(), header)) {
        content.accept(writer);
      }
      return packFrom(spool, out.toString(), out);
    } catch (IOException e) {
      throw new TraceException(out + ": cannot be read back: " + e.getMessage(), e);
    }
  }

  private TraceIndex packFrom(FileChannel data, String name, Path out) {
    ScannedTrace scanned = TraceScanner.scan(data, name, options.recovers());
    TraceIndex[] index = new TraceIndex[1];
    TraceFiles.writeWhole(out, channel -> {
      copyBlocks(data, name, scanned, channel, out.toString());
      // What was written is read back for the index, so that a packed trace is known to be
      // readable.
      ScannedTrace written = TraceScanner.scan(channel, out.toString(), false);
      index[0] = new Indexer(channel, out.toString(), written, TraceFiles.folderOf(out))
          .write(channel, out.toString());
    });
    return index[0];
  }

  private void copyBlocks(
      FileChannel data, String name, ScannedTrace scanned, FileChannel out, String outName) {
    FileHeader old = scanned.header();
    FileHeader header =
        new FileHeader(true, old.areInstructionsAssumed(), old.architecture(), old.startNs());
    BlockAppender appender = new BlockAppender(out, outName);
    appender.put(header.encode(), Ltrace.FILE_HEADER_BYTES);
    Deflater deflater = new Deflater(Math.max(1, options.level()), true);
    try (BlockReader reader = new BlockReader(data, name)) {
      for (long at = Ltrace.FILE_HEADER_BYTES; at < scanned.endOffset(); ) {
        at = reader.read(at);
        appender.header().copyFrom(reader.header());
        appender.appendEncoded(List.of(packed(reader, appender.header(), deflater)));
      }
    } finally {
      deflater.end();
    }
    appender.flush();
  }

  /** The payload as it goes into the file; stored when it would not get smaller. */
  private ByteSink packed(BlockReader reader, BlockHeader header, Deflater deflater) {
    ByteSink payload = new ByteSink(Math.max(16, header.rawBytes));
    int length = 0;
    if (options.level() > 0) {
      deflater.reset();
      deflater.setInput(reader.raw(), 0, header.rawBytes);
      deflater.finish();
      length = deflater.deflate(payload.array(), 0, header.rawBytes);
    }
    boolean isSmaller = options.level() > 0 && deflater.finished() && length < header.rawBytes;
    if (isSmaller) {
      payload.setSize(length);
    } else {
      payload.putBytes(reader.raw(), 0, header.rawBytes);
    }
    header.codec = isSmaller ? Ltrace.DEFLATE : Ltrace.STORED;
    header.storedBytes = payload.size();
    return payload;
  }
}
