package org.legosim.trace.pack;

import org.jspecify.annotations.Nullable;

/**
 * A part of what one call mapped that began and ended as a whole. When a later call ends the middle of it, it is cut as
 * if it had been made in parts.
 */
final class Piece {
  long start;
  /** One past the last byte. */
  long end;

  final Instance instance;
  /** Among the pieces of its address space. */
  final int index;
  /** The call that ended it, if any. */
  @Nullable
  MappingCall ender;

  Piece(long start, long end, Instance instance, int index) {
    this.start = start;
    this.end = end;
    this.instance = instance;
    this.index = index;
  }

  boolean contains(long address) {
    return address >= start && address < end;
  }
}
