package org.legosim.reports.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.OutputException;

/**
 * Keeps two processes from writing one result set: a file with the owner's process id and start
 * time. The file of a process that is gone is taken over; the operating system's lock is held only
 * while the file is read and rewritten, so nothing is left behind by a kill.
 */
final class SetLock implements AutoCloseable {
  private static final int ATTEMPTS = 50;
  private static final int MOST_BYTES = 256;

  private final Path file;
  private final String token;

  private SetLock(Path file, String token) {
    this.file = file;
    this.token = token;
  }

  /**
   * @throws OutputException when another process, or another writer of this one, holds the lock
   */
  static SetLock acquire(Path file) throws IOException {
    String token = ProcessHandle.current().pid() + " " + start(ProcessHandle.current()) + " "
        + UUID.randomUUID();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (tryOnce(file, token)) {
        return new SetLock(file, token);
      }
      pause();
    }
    throw new OutputException(file + ": the lock file changes hands all the time; try again later");
  }

  /** Whether the file now holds the token; false when another process was at it just now. */
  private static boolean tryOnce(Path file, String token) throws IOException {
    try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = osLock(channel)) {
      if (lock == null) {
        return false;
      }
      String held = read(channel);
      if (isAlive(held)) {
        throw new OutputException(file + ": the result set is being written by process "
            + held.split(" ")[0] + "; wait for it to end or choose another folder");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.US_ASCII)), 0);
      channel.force(true);
    }
    // The previous owner may have deleted the file between our opening and locking it.
    return isHeldBy(file, token);
  }

  private static @Nullable FileLock osLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MOST_BYTES);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
  }

  private static boolean isHeldBy(Path file, String token) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).equals(token);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Whether the process that wrote this still runs: process ids are used again, so the start counts. */
  private static boolean isAlive(String held) {
    String[] parts = held.split(" ");
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,18}")) {
      return false;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[0]));
    return process.isPresent()
        && process.get().isAlive()
        && start(process.get()).equals(parts[1]);
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a lock file", e);
    }
  }

  /** Deletes the file if it is still ours. */
  @Override
  public void close() throws IOException {
    if (isHeldBy(file, token)) {
      Files.deleteIfExists(file);
    }
  }
}
