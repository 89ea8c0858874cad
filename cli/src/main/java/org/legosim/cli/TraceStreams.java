package org.legosim.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.legosim.reports.Printable;
import org.legosim.timing.ConfigException;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;
import org.legosim.trace.LtraceFile;
import org.legosim.trace.TracePacker;
import org.legosim.trace.Traces;
import org.legosim.trace.pack.ThreadTotals;
import org.legosim.trace.pack.TraceIndex;

/** What the commands on traces share: {@code -} for a standard stream, and the words about a trace that was written. */
final class TraceStreams {
  static final String STANDARD = "-";

  private TraceStreams() {}

  static LtraceFile open(String trace) {
    return trace.equals(STANDARD) ? Traces.openStream(System.in) : Traces.open(Path.of(trace));
  }

  /** Of a file, counted while it is read. */
  static InputStream input(String file, Progress progress) {
    if (file.equals(STANDARD)) {
      return new CountedInput(System.in, 0, progress);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new TraceException(Printable.of(file) + ": is a folder; give a trace file");
    }
    if (!Files.exists(path)) {
      throw new TraceException(Printable.of(file) + ": no such file");
    }
    try {
      return new CountedInput(Files.newInputStream(path), Files.size(path), progress);
    } catch (IOException e) {
      throw new TraceException(Printable.of(file) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Lets a trace be written to a file; or, through a temporary one, to standard output. */
  static void write(Console console, String output, Function<Path, TraceIndex> writer) {
    if (!output.equals(STANDARD)) {
      console.note(written(writer.apply(Path.of(output)), output, size(Path.of(output))));
      return;
    }
    try {
      Path file = Files.createTempFile("legosim-", ".ltrace");
      try {
        TraceIndex index = writer.apply(file);
        try (FileChannel channel = FileChannel.open(file)) {
          Channels.newInputStream(channel).transferTo(console.out());
        }
        console.note(written(index, "standard output", size(file)));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new OutputException("standard output: cannot take the trace: " + e.getMessage(), e);
    }
  }

  /** {@code OUT: 1,234 accesses of 2 threads in 1 process, 567 bytes (0.46 per access)}. */
  static String written(TraceIndex index, String name, long bytes) {
    long accesses = accesses(index);
    return String.format(
        Locale.ROOT,
        "%s: %,d accesses of %s in %s, %,d bytes (%s per access)",
        name,
        accesses,
        counted(index.threads().size(), "thread", "threads"),
        counted(index.processes().size(), "process", "processes"),
        bytes,
        perAccess(bytes, accesses));
  }

  /** Data accesses and fetches. */
  static long accesses(TraceIndex index) {
    long sum = 0;
    for (TraceIndex.IndexedThread thread : index.threads()) {
      ThreadTotals totals = thread.totals();
      sum += totals.accesses() + totals.fetches();
    }
    return sum;
  }

  static String counted(long count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }

  static String perAccess(long bytes, long accesses) {
    return accesses == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) bytes / accesses);
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new TraceException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Level 0 stores, 1 to 9 deflate. */
  static TracePacker packer(int level, boolean recovers) {
    if (level < 0 || level > 9) {
      throw new ConfigException("--level " + level + ": allowed are 0 (stored) to 9 (smallest)");
    }
    return new TracePacker(new TracePacker.Options(level, recovers));
  }

  /** Tells how far an input has been read. */
  private static final class CountedInput extends FilterInputStream {
    private static final String UNIT = "bytes";
    private final long total;
    private final Progress progress;
    private long done;

    CountedInput(InputStream in, long total, Progress progress) {
      super(in);
      this.total = total;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      done += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int got = super.read(buffer, offset, count);
      done += Math.max(0, got);
      progress.update(done, total, UNIT);
      return got;
    }
  }
}
