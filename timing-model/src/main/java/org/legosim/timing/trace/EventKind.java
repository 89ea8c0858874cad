package org.legosim.timing.trace;

/** What a trace records besides accesses. */
public enum EventKind {
  /** A system call begins: number, six arguments, decoded strings. */
  SYSCALL_ENTER,
  /** The system call that this thread entered last returns: its result. */
  SYSCALL_RETURN,
  /** A signal handler begins; number is the signal. */
  SIGNAL,
  /** The process image is replaced; the mappings of the new image follow from {@link TraceImage}. */
  EXEC,
  /** The thread ends without a further record. */
  EXIT,
  /** A named place in the trace, for {@code --from} and {@code --to}. */
  MARK
}
