package org.legosim.trace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;

/** Opens inputs with messages a user can act on, and makes outputs appear whole or not at all. */
final class TraceFiles {
  /** Writes an output through a channel that can also be read. */
  interface Content {
    void write(FileChannel channel) throws IOException;
  }

  private TraceFiles() {}

  static FileChannel openInput(Path path) {
    if (Files.isDirectory(path)) {
      throw new TraceException(path + ": is a folder; give a trace file");
    }
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new TraceException(path + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new TraceException(path + ": may not be read: permission denied", e);
    } catch (IOException e) {
      throw new TraceException(path + ": cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Size in bytes. */
  static long size(FileChannel channel, String name) {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new TraceException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new TraceException("a trace cannot be closed: " + e.getMessage(), e);
    }
  }

  /** A file of its own for a while: gone when the channel is closed, or when the process ends. */
  static FileChannel temporary(String purpose) {
    try {
      Path file = Files.createTempFile("legosim-", "." + purpose);
      return FileChannel.open(
          file,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new OutputException(
          "no temporary file can be made in " + temporaryFolder() + ": " + e.getMessage(), e);
    }
  }

  static Path temporaryFolder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Folder that a file stands in. */
  static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** Writes beside the final name, makes it durable, and renames: the name never shows half a file. */
  static void writeWhole(Path output, Content content) {
    Path partial = folderOf(output)
        .resolve("." + output.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
    partial.toFile().deleteOnExit();
    try {
      try (FileChannel channel = FileChannel.open(
          partial,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE)) {
        content.write(channel);
        channel.force(true);
      }
      Files.move(
          partial, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folderOf(output));
    } catch (NoSuchFileException e) {
      throw new OutputException(output + ": cannot be written: its folder does not exist", e);
    } catch (IOException e) {
      throw new OutputException(output + ": cannot be written: " + e.getMessage(), e);
    } finally {
      deleteQuietly(partial);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    // Where folders cannot be opened (not on Linux), a rename is as durable as it gets.
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What cannot be deleted now is deleted when the process ends, or reported by the next writer
      // of this name.
      file.toFile().deleteOnExit();
    }
  }
}
