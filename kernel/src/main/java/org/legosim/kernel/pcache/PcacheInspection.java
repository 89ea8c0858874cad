package org.legosim.kernel.pcache;

/** What a check outside the pcache may look at; it changes nothing but the record of contents. */
public final class PcacheInspection {
  private final Pcache pcache;

  PcacheInspection(Pcache pcache) {
    this.pcache = pcache;
  }

  /** Which data each line holds. */
  public LineContents contents() {
    return pcache.contents;
  }

  /** True when the page has a line. */
  public boolean isPresent(int space, long address) {
    return Pte.isPresent(pcache.space(space).pte(address));
  }

  /** True when the page's first touch will be filled with zeroes. */
  public boolean isMarked(int space, long address) {
    return pcache.space(space).pte(address) == Pte.ZERO_FILL;
  }

  /** True when a line is, or is still on its way out of being, a page's: by its entry or by a reverse mapping. */
  public boolean isHeld(int space, long address, int line) {
    long page = pcache.geometry.pageOf(address);
    long entry = pcache.space(space).pte(page);
    if (Pte.isPresent(entry) && Pte.line(entry) == line) {
      return true;
    }
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      if (pcache.rmaps.space(rmap) == space && pcache.rmaps.address(rmap) == page) {
        return true;
      }
    }
    return false;
  }

  /** A page, what its entry says, the line that is used, and what happened to them lately. */
  public String describe(int space, long address, int line) {
    AddressSpace owner = pcache.space(space);
    long page = pcache.geometry.pageOf(address);
    long entry = owner.pte(page);
    StringBuilder out = new StringBuilder();
    out.append("Page 0x")
        .append(Long.toHexString(page))
        .append(" of ")
        .append(owner)
        .append(" (set ")
        .append(pcache.geometry.setOf(page))
        .append(") uses ")
        .append(pcache.describeLine(line));
    if (!Pte.isPresent(entry)) {
      out.append("; its entry is 0x").append(Long.toHexString(entry)).append(", not present");
    } else if (Pte.line(entry) != line) {
      out.append("; its entry maps ").append(pcache.describeLine(Pte.line(entry)));
    }
    return out.append(pcache.history(owner.tgid(), page, line)).toString();
  }
}
