package org.legosim.kernel.pcache;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.InvariantViolation;

/**
 * The pcache's invariants at every moment, kernel paths under way included. It keeps a ledger of its
 * own: which line each page belongs to, and where each line is (free, on a list, in a slot, in some
 * path's hands). Whatever a path touched is judged when the path next waits, calls or ends:
 *
 * <ul>
 *   <li>a page has one line, and a line that says it is mapped by a page is what that page's entry says,
 *       unless the line is locked by whoever is changing that;
 *   <li>a present entry leads to a line of the page's set, which knows the page, unless the page table is
 *       locked;
 *   <li>mappings are as many as reverse mappings, references at least as many, and a line is valid
 *       exactly while it is mapped;
 *   <li>free, listed, parked and held lines of a set are its ways, and a line is never freed, taken or
 *       parked twice.
 * </ul>
 *
 * <p>It reads nothing of what the kernel model is told to do wrong.
 */
final class PcacheWatch {
  private static final byte FREE = 0;
  private static final byte HELD = 1;
  private static final byte LISTED = 2;
  private static final byte PARKED = 3;
  private static final String[] PLACES = {"free", "in a path's hands", "on its list", "in a slot"};

  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;

  /** Sets with more ways are not counted each time: the ledger's moves are judged all the same. */
  private static final int COUNTED_WAYS_MAX = 128;

  private final Pcache pcache;
  private final PcacheGeometry geometry;
  private final byte[] @Nullable [] places;
  /** Lines by page, per address space: a second opinion on the page tables. */
  private final Map<Integer, Map<Long, Integer>> owners = new TreeMap<>();

  private int[] touchedSpace = new int[16];
  private long[] touchedPage = new long[16];
  private int[] touchedLine = new int[16];
  private int touched;

  PcacheWatch(Pcache pcache) {
    this.pcache = pcache;
    this.geometry = pcache.geometry;
    this.places = new byte[(geometry.lines() >>> CHUNK_SHIFT) + 1][];
  }

  // --- what happens ---

  void mapped(int line, int space, long address) {
    Integer other = pages(space).put(address, line);
    if (other != null && other != line && !pcache.lines.isLocked(other)) {
      throw twoLines(space, address, other, line);
    }
    touch(space, address, line);
  }

  void unmapped(int line, int space, long address) {
    pages(space).remove(address, line);
    touch(space, address, line);
  }

  void relocated(int line, int space, long from, long to) {
    unmapped(line, space, from);
    mapped(line, space, to);
  }

  void taken(int line) {
    move(line, FREE, HELD, "taken as a free line");
  }

  void given(int line) {
    move(line, HELD, FREE, "freed");
    touch(-1, 0, line);
  }

  void listed(int line) {
    move(line, HELD, LISTED, "put on its list");
  }

  void unlisted(int line) {
    move(line, LISTED, HELD, "taken off its list");
  }

  void parked(int line) {
    move(line, HELD, PARKED, "parked");
  }

  void unparked(int line) {
    move(line, PARKED, HELD, "taken from a slot");
  }

  private Map<Long, Integer> pages(int space) {
    return owners.computeIfAbsent(space, unused -> new TreeMap<>());
  }

  private void move(int line, byte from, byte to, String what) {
    byte[] chunk = places[line >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new byte[CHUNK_MASK + 1];
      places[line >>> CHUNK_SHIFT] = chunk;
    }
    byte place = chunk[line & CHUNK_MASK];
    if (place != from) {
      throw new InvariantViolation(
          "pcache: line " + what + " although it is " + PLACES[place] + ": " + about(line));
    }
    chunk[line & CHUNK_MASK] = to;
  }

  private byte place(int line) {
    byte[] chunk = places[line >>> CHUNK_SHIFT];
    return chunk == null ? FREE : chunk[line & CHUNK_MASK];
  }

  private void touch(int space, long address, int line) {
    if (touched == touchedLine.length) {
      touchedSpace = Arrays.copyOf(touchedSpace, 2 * touched);
      touchedPage = Arrays.copyOf(touchedPage, 2 * touched);
      touchedLine = Arrays.copyOf(touchedLine, 2 * touched);
    }
    touchedSpace[touched] = space;
    touchedPage[touched] = address;
    touchedLine[touched++] = line;
  }

  // --- the judgement ---

  /** A path has come to rest: judges what was touched since. */
  void settled(KernelContext context) {
    if (touched == 0) {
      return;
    }
    for (int i = 0; i < touched; i++) {
      judgeLine(touchedLine[i], context);
      if (touchedSpace[i] >= 0) {
        judgePage(touchedSpace[i], touchedPage[i], context);
      }
      if (geometry.ways() <= COUNTED_WAYS_MAX) {
        judgeSet(geometry.setOfLine(touchedLine[i]), context);
      }
    }
    touched = 0;
  }

  private void judgeLine(int line, KernelContext context) {
    int rmaps = 0;
    for (int rmap = pcache.rmaps.first(line); rmap != Rmaps.NONE; rmap = pcache.rmaps.next(rmap)) {
      rmaps++;
      judgeRmap(line, rmap, context);
    }
    require(
        pcache.lines.mappings(line) == rmaps, "has " + rmaps + " reverse mappings", line, context);
    require(pcache.lines.references(line) >= rmaps, "has too few references", line, context);
    require(
        pcache.lines.has(line, Lines.VALID) == rmaps > 0,
        "is valid without a mapping, or mapped without being valid",
        line,
        context);
    require(place(line) != FREE || rmaps == 0, "is free and mapped", line, context);
  }

  private void judgeRmap(int line, int rmap, KernelContext context) {
    AddressSpace space = pcache.space(pcache.rmaps.space(rmap));
    long address = pcache.rmaps.address(rmap);
    long entry = space.pte(address);
    boolean isLocked = pcache.lines.isLocked(line);
    if (Pte.isPresent(entry) ? Pte.line(entry) != line && !isLocked : !isLocked) {
      PageTable table = space.table(address);
      if (Pte.isPresent(entry) || table == null || table.lock().isFree()) {
        throw new InvariantViolation(pcache.reports.mismatch(line, rmap, entry, context)
            + history(space.index(), address, line));
      }
    }
  }

  private void judgePage(int space, long address, KernelContext context) {
    AddressSpace owner = pcache.space(space);
    long entry = owner.pte(address);
    Integer known = pages(space).get(address);
    if (known != null) {
      int rmap = pcache.rmaps.find(known, space, address);
      if (rmap != Rmaps.NONE) {
        judgeRmap(known, rmap, context);
      }
    }
    if (!Pte.isPresent(entry)) {
      return;
    }
    int line = Pte.line(entry);
    if (geometry.setOf(address) != geometry.setOfLine(line)) {
      throw new InvariantViolation("page 0x" + Long.toHexString(address) + " of " + owner
          + " belongs to set " + geometry.setOf(address) + " but is mapped to "
          + pcache.describeLine(line) + at(context) + history(space, address, line));
    }
    PageTable table = owner.table(address);
    boolean isChanging = table != null && !table.lock().isFree();
    if (!isChanging && pcache.rmaps.find(line, space, address) == Rmaps.NONE) {
      throw new InvariantViolation("page 0x" + Long.toHexString(address) + " of " + owner
          + " is mapped to a line that does not know it: " + pcache.describeLine(line)
          + at(context) + history(space, address, line));
    }
  }

  private void judgeSet(int set, KernelContext context) {
    int held = 0;
    int parked = 0;
    for (int way = 0; way < geometry.ways(); way++) {
      byte place = place(geometry.lineAt(set, way));
      held += place == HELD ? 1 : 0;
      parked += place == PARKED ? 1 : 0;
    }
    int free = pcache.free.count(set);
    int listed = pcache.sets.listed(set);
    if (free + listed + parked + held != geometry.ways()) {
      throw new InvariantViolation("pcache: set " + set + " of " + geometry.ways() + " ways has "
          + free + " free, " + listed + " listed, " + parked + " parked lines and " + held
          + " in the hands of paths" + at(context));
    }
  }

  private void require(boolean holds, String what, int line, KernelContext context) {
    if (!holds) {
      throw new InvariantViolation("pcache: line " + what + ": " + about(line) + at(context));
    }
  }

  private InvariantViolation twoLines(int space, long address, int first, int second) {
    return new InvariantViolation("pcache: page 0x" + Long.toHexString(address) + " of "
        + pcache.space(space) + " has two lines: " + pcache.describeLine(first) + " and "
        + pcache.describeLine(second) + sameStep(space, address)
        + history(space, address, first) + history(space, address, second));
  }

  /** What else changed in the step that is judged: where a page that was moved came from. */
  private String sameStep(int space, long address) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < touched; i++) {
      if (touchedSpace[i] == space && touchedPage[i] != address) {
        out.append("; in the same step page 0x")
            .append(Long.toHexString(touchedPage[i]))
            .append(" left ")
            .append(pcache.describeLine(touchedLine[i]));
      }
    }
    return out.toString();
  }

  private String about(int line) {
    int rmap = pcache.rmaps.first(line);
    return pcache.describeLine(line)
        + (rmap == Rmaps.NONE
            ? ""
            : ", page 0x" + Long.toHexString(pcache.rmaps.address(rmap)) + " of "
                + pcache.space(pcache.rmaps.space(rmap)));
  }

  private static String at(KernelContext context) {
    return " at " + context.nowPs() + " ps on " + context.name()
        + (context.taskId() == 0 ? "" : " for thread " + context.taskId());
  }

  private String history(int space, long address, int line) {
    return pcache.history(pcache.space(space).tgid(), address, line);
  }
}
