package org.legosim.timing.trace;

/** Kinds of a traced access, as the small integers that {@link AccessBatch#shape} carries. */
public final class AccessKind {
  /** Instruction fetch: an {@code I} record of the text form. */
  public static final int FETCH = 0;

  public static final int LOAD = 1;
  public static final int STORE = 2;
  /** One atomic read-modify-write; counted once. */
  public static final int ATOMIC = 3;

  private AccessKind() {}

  /** Loads and fetches leave the page clean. */
  public static boolean writes(int kind) {
    return kind >= STORE;
  }
}
