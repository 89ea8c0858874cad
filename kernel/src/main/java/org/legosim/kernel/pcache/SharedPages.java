package org.legosim.kernel.pcache;

/** Told of each page that a fork gives to the child while it is in the pcache. */
@FunctionalInterface
public interface SharedPages {
  /** Nobody listens. */
  SharedPages NONE = (parent, child, address, isCopied) -> {};

  /**
   * The child maps the parent's line from now on.
   *
   * @param isCopied whoever writes first gets a copy; otherwise both go on with one page
   */
  void shared(int parent, int child, long address, boolean isCopied);
}
