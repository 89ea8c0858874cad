package org.legosim.trace.pack;

import org.legosim.timing.trace.ReplayOrder;

/**
 * A GATES block: some of the gates, or of the gate sources, of one thread.
 *
 * <p>Its payload is {@code u8} order (0 strict, 1 per address), {@code u8} role (0 gates, 1 sources), {@code varint}
 * thread, {@code varint} n, then n entries: for gates {@code varint} waiting record less the one before (from 0), {@code
 * varint} thread waited for, {@code zigzag} its record less the one before (from 0); for sources {@code varint} record less
 * the one before (from 0).
 *
 * @param offset of the block in its file
 */
public record GateChunk(ReplayOrder order, int role, int thread, long offset) {
  public static final int GATES = 0;
  public static final int SOURCES = 1;
  /** What records do to locks; only made for {@link ReplayOrder#SEMANTIC}, which no file holds. */
  public static final int MEANINGS = 2;
}
