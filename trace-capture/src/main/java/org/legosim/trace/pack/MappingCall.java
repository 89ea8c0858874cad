package org.legosim.trace.pack;

/** A call that changes mappings, from its entry on. */
final class MappingCall {
  static final long NOT_BACK = Long.MAX_VALUE;

  final int thread;
  /** The caller's record that entered the call. */
  final long enterRecord;

  final long enterSequence;
  /** Of the system call. */
  final long number;

  final long[] arguments;
  /** The caller's record that returned from the call. */
  long returnRecord = -1;

  long returnSequence = NOT_BACK;

  MappingCall(int thread, long enterRecord, long enterSequence, long number, long[] arguments) {
    this.thread = thread;
    this.enterRecord = enterRecord;
    this.enterSequence = enterSequence;
    this.number = number;
    this.arguments = arguments;
  }
}
