package org.legosim.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.legosim.reports.Printable;
import org.legosim.timing.OutputException;

/**
 * A file that stands under its name only when it is complete: it is written as {@code NAME.partial},
 * forced to the disk and renamed by {@link #complete}. Closed before that, or interrupted, it leaves
 * nothing.
 */
final class OutputFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;
  private final Path partial;
  private final FileChannel channel;
  private final OutputStream stream;
  private final Thread onInterrupt;
  private boolean isComplete;

  private OutputFile(Path target, Path partial, FileChannel channel) {
    this.target = target;
    this.partial = partial;
    this.channel = channel;
    stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    onInterrupt = new Thread(this::deletePartial, "unfinished-output");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  /**
   * Takes the file, or refuses it, before the work whose product it will hold.
   *
   * @throws OutputException when it cannot be written
   */
  static OutputFile create(Path target) {
    Path absolute = target.toAbsolutePath();
    if (Files.exists(absolute) && !Files.isRegularFile(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputException(Printable.of(target.toString())
          + ": is a folder, a link or a device, which a finished file would replace; name a file");
    }
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new OutputException(
          Printable.of(target.toString()) + ": there is no folder " + folder + "; make it first");
    }
    Path partial = absolute.resolveSibling(absolute.getFileName() + ".partial");
    try {
      FileChannel channel = FileChannel.open(
          partial,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      return new OutputFile(absolute, partial, channel);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Buffered; failures surface as {@link IOException} here and in {@link #complete}. */
  OutputStream stream() {
    return stream;
  }

  /** Forces the content to the disk and gives it its name. */
  void complete() {
    try {
      stream.flush();
      channel.force(true);
      channel.close();
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isComplete = true;
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  OutputException failed(IOException cause) {
    return failed(target, cause);
  }

  private static OutputException failed(Path target, IOException cause) {
    return new OutputException(
        Printable.of(target.toString()) + ": cannot be written: " + cause.getMessage()
            + "; nothing stands under this name that was not there before",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(target, e);
    } finally {
      if (!isComplete) {
        deletePartial();
      }
      removeHook();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The virtual machine is going down, and the hook runs anyway: there is nothing to remove.
    }
  }

  private void deletePartial() {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // It cannot be mistaken for a finished file, and its name says what it is.
    }
  }
}
