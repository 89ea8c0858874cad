package org.legosim.trace.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.legosim.timing.ModelException;
import org.legosim.trace.format.GuestText;

/** SHA-256 over fixed-width little-endian values, gathered in a buffer. */
final class RecordHash {
  private static final int BUFFER_BYTES = 1 << 14;
  private static final int MOST_AT_ONCE = 64;

  private final MessageDigest digest = sha256();
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Makes room for a record of fixed width, which the caller then puts at once. */
  ByteBuffer room() {
    if (buffer.remaining() < MOST_AT_ONCE) {
      flush();
    }
    return buffer;
  }

  void putInt(int value) {
    room().putInt(value);
  }

  void putLong(long value) {
    room().putLong(value);
  }

  void putText(String text) {
    putBytes(GuestText.encode(text));
  }

  /** Length and bytes. */
  void putBytes(byte[] bytes) {
    putInt(bytes.length);
    putRaw(bytes);
  }

  void putRaw(byte[] bytes) {
    flush();
    digest.update(bytes);
  }

  /** The digest; the hash begins anew. */
  byte[] finish() {
    flush();
    return digest.digest();
  }

  private void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new ModelException("every Java has SHA-256, but this one does not", e);
    }
  }
}
