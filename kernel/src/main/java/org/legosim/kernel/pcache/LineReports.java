package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.InvariantViolation;

/** Lines in words, and the kernel's own assertions about them. */
final class LineReports {
  private static final int PAGE_FRAME_SHIFT = 12;

  private final Pcache pcache;
  private long staleMappings;
  private String firstStale = "";

  LineReports(Pcache pcache) {
    this.pcache = pcache;
  }

  /** Checks a line that is about to be freed. */
  void requireFreeable(int line) {
    int forbidden = Lines.VALID | Lines.RECLAIM | Lines.WRITEBACK | Lines.PIGGYBACK;
    if (pcache.lines.mappings(line) != 0
        || pcache.lines.has(line, forbidden)
        || pcache.lines.isLocked(line)) {
      throw new InvariantViolation("freed while in use: " + describeLine(line));
    }
  }

  /** Checks what a search for a line to evict came back with, as the kernel's own assertion does. */
  void requireChosen(int set, int line, KernelContext context) {
    if (line < 0 || !pcache.lines.isLockedBy(line, context)) {
      throw new InvariantViolation("evict: the line chosen in set "
          + set
          + " is not locked"
          + (line < 0
              ? ": it is no line but the head of the set's list, 0x18 bytes below the set's record"
              : ": " + describeLine(line))
          + ", at "
          + context.nowPs()
          + " ps on "
          + context.name()
          + " for thread "
          + context.taskId()
          + "; none of the set's "
          + pcache.geometry.ways()
          + " lines could go: "
          + describeSet(set));
    }
  }

  /** A reverse mapping that its page-table entry contradicts was passed over. */
  void stale(String report) {
    if (staleMappings == 0) {
      firstStale = report;
    }
    staleMappings++;
  }

  /** What the kernel would have printed of them; empty when there were none. */
  String describeStale() {
    return staleMappings == 0
        ? ""
        : "pcache: " + staleMappings
            + " stale reverse mappings were passed over, as the real kernel"
            + " does, which prints the first only: " + firstStale;
  }

  private String describeSet(int set) {
    StringBuilder out = new StringBuilder();
    for (int line = pcache.replacement.head(set);
        line != Lines.NONE;
        line = pcache.lines.next(line)) {
      out.append(out.isEmpty() ? "" : "; ").append(describeLine(line));
    }
    return out.toString();
  }

  String describeLine(int line) {
    return "line "
        + line
        + " (set "
        + pcache.geometry.setOfLine(line)
        + ", way "
        + pcache.geometry.wayOfLine(line)
        + ", page frame 0x"
        + Long.toHexString(pageFrame(line))
        + "): references "
        + pcache.lines.references(line)
        + ", mappings "
        + pcache.lines.mappings(line)
        + ", bits 0x"
        + Integer.toHexString(pcache.lines.bits(line))
        + (pcache.lines.isLocked(line) ? ", locked" : "");
  }

  /** Number of the physical page that a line begins in. */
  private long pageFrame(int line) {
    return (pcache.params.physicalStart() + line * pcache.geometry.lineBytes())
        >>> PAGE_FRAME_SHIFT;
  }

  String mismatch(int line, int rmap, long entry, KernelContext context) {
    long address = pcache.rmaps.address(rmap);
    return "mismatched page-table entry and reverse mapping at "
        + context.nowPs()
        + " ps on "
        + context.name()
        + ": page 0x"
        + Long.toHexString(address)
        + " of "
        + pcache.space(pcache.rmaps.space(rmap))
        + " (set "
        + pcache.geometry.setOf(address)
        + ") should map "
        + describeLine(line)
        + " but its entry is 0x"
        + Long.toHexString(entry)
        + (Pte.isPresent(entry) ? ", which maps " + describeLine(Pte.line(entry)) : "");
  }
}
