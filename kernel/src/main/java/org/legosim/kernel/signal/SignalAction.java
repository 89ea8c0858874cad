package org.legosim.kernel.signal;

/**
 * What a process does at a signal, as {@code rt_sigaction} sets it.
 *
 * @param handler address of the handler, {@link #DEFAULT_HANDLER}, {@link #IGNORE_HANDLER}, or {@link
 *     #UNKNOWN_HANDLER} when the trace does not tell what was set
 * @param flags SA_ bits
 * @param restorer where the handler returns to: the code that calls rt_sigreturn; needs SA_RESTORER
 * @param mask signals that are blocked while the handler runs, besides its own
 */
public record SignalAction(long handler, long flags, long restorer, long mask) {
  public static final long DEFAULT_HANDLER = 0;
  public static final long IGNORE_HANDLER = 1;
  static final long UNKNOWN_HANDLER = -1;

  static final long SA_NOCLDWAIT = 0x2;
  static final long SA_RESTORER = 0x0400_0000;
  static final long SA_ONSTACK = 0x0800_0000;
  static final long SA_NODEFER = 0x4000_0000;
  static final long SA_RESETHAND = 0x8000_0000L;

  static final SignalAction DEFAULT = new SignalAction(DEFAULT_HANDLER, 0, 0, 0);
  static final SignalAction UNKNOWN = new SignalAction(UNKNOWN_HANDLER, 0, 0, 0);

  /** False when the trace does not tell what was set. */
  public boolean isKnown() {
    return handler != UNKNOWN_HANDLER;
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** True when nothing happens at the signal. */
  boolean ignores(int number) {
    return handler == IGNORE_HANDLER
        || (handler == DEFAULT_HANDLER && Signals.isIgnoredByDefault(number));
  }

  /** True when the process ends at the signal. */
  boolean isFatal(int number) {
    return handler == DEFAULT_HANDLER && !Signals.isIgnoredByDefault(number);
  }

  /** True when a handler of the program runs. */
  boolean isHandled() {
    return handler != DEFAULT_HANDLER && handler != IGNORE_HANDLER;
  }
}
