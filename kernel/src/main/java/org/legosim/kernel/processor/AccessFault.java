package org.legosim.kernel.processor;

/** Why a user's access to an address raises a signal, as the hardware tells the kernel: by the address alone. */
enum AccessFault {
  /** Bits 47 to 63 differ: a general protection, and nobody is told the address. */
  NON_CANONICAL("a non-canonical address: a general protection (#GP)"),
  /** The kernel's half: a page fault, of which the page is there. */
  KERNEL("an address of the kernel: a page fault (#PF) by protection"),
  /** Below what mmap may give out. */
  NULL_POINTER(
      "an address in the first page, which is never mapped: a page fault (#PF) at a NULL pointer"),
  /** What nobody has mapped. */
  NOT_MAPPED("an address that nothing maps: a page fault (#PF)");

  private static final int CANONICAL_SHIFT = 47;
  private static final long FIRST_PAGE_BYTES = 4096;

  private final String text;

  AccessFault(String text) {
    this.text = text;
  }

  /** The fault of an access that is not to be. */
  static AccessFault of(long address) {
    long high = address >> CANONICAL_SHIFT;
    if (high != 0) {
      return high == -1 ? KERNEL : NON_CANONICAL;
    }
    return Long.compareUnsigned(address, FIRST_PAGE_BYTES) < 0 ? NULL_POINTER : NOT_MAPPED;
  }

  /** True for an address that no user memory can have. */
  static boolean isNoUsers(long address) {
    return address >>> CANONICAL_SHIFT != 0;
  }

  /** As in a message. */
  String text() {
    return text;
  }
}
