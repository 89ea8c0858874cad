package org.legosim.reports.store;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every change that a result set makes to the file system, each step announced to a hook so that a
 * test can make it fail.
 */
final class Disk {
  /** Called before each step; an exception is that step's failure. */
  @FunctionalInterface
  interface Hook {
    void before(String step, Path path) throws IOException;
  }

  private static final int BUFFER_BYTES = 1 << 16;
  private final Hook hook;

  Disk(Hook hook) {
    this.hook = hook;
  }

  static Disk real() {
    return new Disk((step, path) -> {});
  }

  /** A file being written; closed without {@link #finish}, it is worth nothing. */
  final class NewFile extends OutputStream {
    private final Path path;
    private final FileOutputStream file;
    private final OutputStream buffered;
    private final MessageDigest digest = Sha256.start();
    private long bytes;

    NewFile(Path path) throws IOException {
      hook.before("create", path);
      this.path = path;
      file = new FileOutputStream(path.toFile());
      buffered = new BufferedOutputStream(
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] array, int offset, int length) throws IOException {
              hook.before("write", path);
              file.write(array, offset, length);
            }
          },
          BUFFER_BYTES);
    }

    @Override
    public void write(int b) throws IOException {
      buffered.write(b);
      digest.update((byte) b);
      bytes++;
    }

    @Override
    public void write(byte[] array, int offset, int length) throws IOException {
      buffered.write(array, offset, length);
      digest.update(array, offset, length);
      bytes += length;
    }

    /** Brings the bytes to the disk and closes the file. */
    void finish() throws IOException {
      buffered.flush();
      hook.before("force", path);
      file.getFD().sync();
      hook.before("close", path);
      file.close();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }

    long bytes() {
      return bytes;
    }

    /** SHA-256 of what was written, in lower-case hexadecimal; ends the counting. */
    String sha256() {
      return Sha256.hex(digest.digest(), 0);
    }
  }

  NewFile create(Path path) throws IOException {
    return new NewFile(path);
  }

  /** Writes a whole file under another name, brings it to the disk, and gives it its name. */
  void put(Path path, byte[] bytes) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try (NewFile file = create(temporary)) {
      file.write(bytes);
      file.finish();
    }
    move(temporary, path);
  }

  void createFolders(Path path) throws IOException {
    hook.before("folder", path);
    Files.createDirectories(path);
  }

  /** Renames at once: the target is the old file, or the new one, or absent as before. */
  void move(Path from, Path to) throws IOException {
    hook.before("move", to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path folder = to.toAbsolutePath().getParent();
    if (folder != null) {
      forceFolder(folder);
    }
  }

  /** Brings the folder's entries to the disk. */
  void forceFolder(Path folder) throws IOException {
    hook.before("force", folder);
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes a file, or a folder with everything in it, without following links. */
  void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      List<Path> entries;
      try (Stream<Path> stream = Files.list(path)) {
        entries = stream.toList();
      }
      for (Path entry : entries) {
        delete(entry);
      }
    }
    hook.before("delete", path);
    Files.deleteIfExists(path);
  }
}
