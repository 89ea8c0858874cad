package org.legosim.sweep;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.legosim.kernel.pcache.EventLog;
import org.legosim.timing.OutputException;

/**
 * Writes every pcache event in order as CSV: {@code time_ps,cpu,kind,tgid,uva,set,way}, addresses in
 * hexadecimal. The file stands beside its name until {@link #finish}.
 */
public final class EventCsv implements EventLog, AutoCloseable {
  private static final String HEADER = "time_ps,cpu,kind,tgid,uva,set,way\n";
  private static final int BUFFER_CHARS = 1 << 16;

  private final Path file;
  private final Path partial;
  private final BufferedWriter out;
  private final StringBuilder line = new StringBuilder(96);
  private boolean isFinished;

  private EventCsv(Path file, Path partial, BufferedWriter out) {
    this.file = file;
    this.partial = partial;
    this.out = out;
  }

  /**
   * @throws OutputException when the file cannot be created
   */
  public static EventCsv create(Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      BufferedWriter out = new BufferedWriter(
          Files.newBufferedWriter(partial, StandardCharsets.US_ASCII), BUFFER_CHARS);
      out.write(HEADER);
      return new EventCsv(file, partial, out);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static OutputException failure(Path file, IOException cause) {
    return new OutputException(
        "cannot write the events to " + file + ": " + cause.getMessage()
            + "; choose a folder that exists and has room",
        cause);
  }

  @Override
  public void event(long timePs, int cpu, char kind, int tgid, long address, int set, int way) {
    line.setLength(0);
    line.append(timePs).append(',').append(cpu).append(',').append(kind).append(',');
    line.append(tgid).append(",0x").append(Long.toHexString(address)).append(',');
    line.append(set).append(',').append(way).append('\n');
    try {
      out.append(line);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Gives the complete file its name. */
  public void finish() {
    try {
      out.close();
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isFinished = true;
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Removes what was written when the run did not end well. */
  @Override
  public void close() {
    if (isFinished) {
      return;
    }
    try {
      out.close();
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
