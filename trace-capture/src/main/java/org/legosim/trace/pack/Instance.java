package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.List;

/** What one call mapped, or what an image or a fork left. */
final class Instance {
  static final int NO_THREAD = -1;
  /** Sequence number of what was there from the start. */
  static final long ALWAYS = -1;

  /** Thread that made it, or {@link #NO_THREAD}. */
  final int maker;
  /** The maker's record that returned from the call. */
  final long makerRecord;
  /** Sequence number of that record. */
  final long bornSequence;
  /** Shared memory that it shows: equal in a child that inherited it; 0 when private. */
  final long sharedObject;
  /** Address at which that object would begin. */
  final long sharedBase;

  final List<Piece> pieces = new ArrayList<>();

  Instance(int maker, long makerRecord, long bornSequence, long sharedObject, long sharedBase) {
    this.maker = maker;
    this.makerRecord = makerRecord;
    this.bornSequence = bornSequence;
    this.sharedObject = sharedObject;
    this.sharedBase = sharedBase;
  }
}
