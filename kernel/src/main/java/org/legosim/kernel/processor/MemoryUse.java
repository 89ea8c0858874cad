package org.legosim.kernel.processor;

/** Who uses an address space: its process, and children of vfork until they exec or end. */
final class MemoryUse {
  private final UserProcess owner;
  private int users = 1;

  MemoryUse(UserProcess owner) {
    this.owner = owner;
  }

  /** The number by which memory nodes know the address space. */
  int tgid() {
    return owner.tgid();
  }

  void join() {
    users++;
  }

  /** True for the last user, with whom the address space goes. */
  boolean leave() {
    return --users == 0;
  }
}
