package org.legosim.kernel.signal;

/**
 * The stack for handlers that {@code sigaltstack} names.
 *
 * @param start lowest address
 * @param bytes its size; 0 when it is disabled
 */
public record AlternateStack(long start, long bytes) {
  /** The least that a kernel takes. */
  static final long LEAST_BYTES = 2048;

  static final AlternateStack NONE = new AlternateStack(0, 0);

  boolean isEnabled() {
    return bytes > 0;
  }

  /** Address behind its last byte, where the first frame is put. */
  public long end() {
    return start + bytes;
  }

  /** True when a frame from {@code lowest} on is in it. */
  public boolean contains(long lowest) {
    return lowest >= start && lowest < end();
  }
}
