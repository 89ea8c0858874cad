package org.legosim.kernel.pcache;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.processor.ProcessMemory;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.HotPath;

/**
 * The page table of one address space on the processor node. It is all that this node knows of the
 * address space: there are no areas here. Page-table pages appear on demand and stay until exit.
 */
public final class AddressSpace implements ProcessMemory {
  /** First address above user space. */
  public static final long END = 1L << 47;

  private static final int REGION_SHIFT = 30;
  private static final int MIDDLE_BITS = 13;
  private static final int MIDDLE_SIZE = 1 << MIDDLE_BITS;
  private static final int MIDDLE_MASK = MIDDLE_SIZE - 1;
  private static final int TOP_SIZE = 1 << (47 - PageTable.SHIFT - MIDDLE_BITS);

  private final int index;
  private final int tgid;
  private final int homeNode;
  private final int lineShift;

  /** Memory node of each 2^30-byte range; null while every range is at home. */
  private char @Nullable [] nodes;

  private final @Nullable PageTable[][] top = new PageTable[TOP_SIZE][];
  private long recentKey = -1;
  private @Nullable PageTable recent;
  private final PcacheCounters counters;
  private final Sectors sectors;
  private int tableCount;
  private boolean isReleased;
  private long pinStart;
  private long pinEnd;
  private long moveStart;
  private long moveEnd;
  private long moveBytes;

  AddressSpace(
      int index, int tgid, int homeNode, int lineShift, PcacheCounters counters, Sectors sectors) {
    this.index = index;
    this.tgid = tgid;
    this.homeNode = homeNode;
    this.lineShift = lineShift;
    this.counters = counters;
    this.sectors = sectors;
  }

  /** Number of the address space, unique on its node; in the order of creation. */
  @Override
  public int index() {
    return index;
  }

  /** Thread-group id of the process that it was made for. */
  public int tgid() {
    return tgid;
  }

  /** The memory node that owns the page at {@code address}. */
  @HotPath
  public int nodeOf(long address) {
    char[] known = nodes;
    return known == null ? homeNode : known[(int) (address >>> REGION_SHIFT)];
  }

  /**
   * Notes which ranges have another memory node.
   *
   * @param regions as {@link org.legosim.kernel.rpc.Request#regions} carries them
   */
  public void learnRegions(long[] regions) {
    if (regions.length == 0) {
      return;
    }
    char[] known = nodes;
    if (known == null) {
      known = new char[(int) (END >>> REGION_SHIFT)];
      Arrays.fill(known, (char) homeNode);
      nodes = known;
    }
    for (int at = 0; at < regions.length; at += Request.REGION_LONGS) {
      int first = (int) (regions[at + 1] >>> REGION_SHIFT);
      int behind = (int) ((regions[at + 1] + regions[at + 2]) >>> REGION_SHIFT);
      Arrays.fill(known, first, behind, (char) regions[at]);
    }
  }

  /** A forked child's ranges are where its parent's are. */
  public void copyRegions(AddressSpace parent) {
    char[] known = parent.nodes;
    nodes = known == null ? null : known.clone();
  }

  /** Pages of a range must not leave the pcache before {@link #unpin}. */
  void pin(long start, long end) {
    pinStart = start;
    pinEnd = end;
  }

  void unpin() {
    pinEnd = pinStart;
  }

  boolean hasPins() {
    return pinEnd > pinStart;
  }

  boolean isPinned(long address) {
    return address >= pinStart && address < pinEnd;
  }

  /** The memory node has moved a range; this node is still at it, until {@link #moved}. */
  void moving(long start, long end, long bytes) {
    moveStart = start;
    moveEnd = end;
    moveBytes = bytes;
  }

  void moved() {
    moveEnd = moveStart;
  }

  /** The address under which the memory node knows the page at {@code address} by now. */
  long addressAtMemory(long address) {
    return address >= moveStart && address < moveEnd ? address + moveBytes : address;
  }

  /** The page-table entry of {@code address}; 0 when there is none. */
  @HotPath
  public long pte(long address) {
    PageTable table = table(address);
    return table == null ? Pte.NONE : table.get(address);
  }

  @Override
  @HotPath
  public long walk(long address, boolean store) {
    PageTable table = table(address);
    if (table == null) {
      return NOT_PRESENT;
    }
    long entry = table.get(address);
    long needed = store ? Pte.PRESENT | Pte.WRITE : Pte.PRESENT;
    if ((entry & needed) != needed) {
      return NOT_PRESENT;
    }
    if (sectors.isOn && !sectors.isPresent(Pte.line(entry), address)) {
      return NOT_PRESENT;
    }
    long marked = entry | (store ? Pte.ACCESSED | Pte.DIRTY : Pte.ACCESSED);
    if (marked != entry) {
      // A prefetched page is not accessed yet, so its first touch always comes here.
      if (Pte.isPrefetched(marked)) {
        marked &= ~Pte.PREFETCHED;
        counters.prefetchesUseful++;
      }
      table.set(address, marked);
    }
    boolean mayStore = (marked & (Pte.WRITE | Pte.DIRTY)) == (Pte.WRITE | Pte.DIRTY);
    if (sectors.isOn) {
      if (store) {
        sectors.addDirty(Pte.line(marked), address);
      }
      mayStore &= sectors.isDirty(Pte.line(marked), address);
    }
    return (long) Pte.line(marked) << 1 | (mayStore ? MAY_STORE : 0);
  }

  /** The page-table page of {@code address}, or null. */
  @HotPath
  @Nullable
  PageTable table(long address) {
    long key = address >>> PageTable.SHIFT;
    if (key == recentKey) {
      return recent;
    }
    if (key >= (long) TOP_SIZE << MIDDLE_BITS) {
      return null;
    }
    @Nullable PageTable[] middle = top[(int) (key >>> MIDDLE_BITS)];
    if (middle == null) {
      return null;
    }
    PageTable table = middle[(int) key & MIDDLE_MASK];
    if (table != null) {
      recentKey = key;
      recent = table;
    }
    return table;
  }

  /** The page-table page of {@code address}, which must exist. */
  @HotPath
  PageTable existingTable(long address) {
    PageTable table = table(address);
    if (table == null) {
      throw new ModelException(
          "address space " + index + " has no page-table page for 0x" + Long.toHexString(address));
    }
    return table;
  }

  /** The page-table page of {@code address}, made if it is missing. */
  PageTable makeTable(long address) {
    PageTable table = table(address);
    if (table != null) {
      return table;
    }
    if (address < 0 || address >= END) {
      throw new ModelException("0x" + Long.toHexString(address) + " is no user address");
    }
    long key = address >>> PageTable.SHIFT;
    int topIndex = (int) (key >>> MIDDLE_BITS);
    @Nullable PageTable[] middle = top[topIndex];
    if (middle == null) {
      middle = new PageTable[MIDDLE_SIZE];
      top[topIndex] = middle;
    }
    table = new PageTable(key << PageTable.SHIFT, lineShift);
    middle[(int) key & MIDDLE_MASK] = table;
    tableCount++;
    return table;
  }

  /** The first existing page-table page with addresses in a range, or null. */
  @Nullable
  PageTable firstTableIn(long start, long end) {
    PageTable table = start < end ? firstTableFrom(start) : null;
    return table == null || table.start() >= end ? null : table;
  }

  /** The first existing page-table page that ends above {@code address}, or null. */
  @Nullable
  PageTable firstTableFrom(long address) {
    if (address >= END) {
      return null;
    }
    long key = address >>> PageTable.SHIFT;
    for (int i = (int) (key >>> MIDDLE_BITS); i < TOP_SIZE; i++) {
      @Nullable PageTable[] middle = top[i];
      if (middle == null) {
        continue;
      }
      int from = i == (int) (key >>> MIDDLE_BITS) ? (int) key & MIDDLE_MASK : 0;
      for (int j = from; j < MIDDLE_SIZE; j++) {
        PageTable table = middle[j];
        if (table != null) {
          return table;
        }
      }
    }
    return null;
  }

  /** True when a page of the range is present. */
  boolean hasPresent(long start, long end) {
    PageTable table = firstTableIn(start, end);
    long address = start;
    while (table != null) {
      long to = Math.min(end, table.end());
      address = table.isUniform() ? to : Math.max(address, table.start());
      for (; address < to; address += 1L << lineShift) {
        if (Pte.isPresent(table.get(address))) {
          return true;
        }
      }
      table = firstTableIn(to, end);
    }
    return false;
  }

  /** True when an entry of the range says anything, be it a mark. */
  boolean hasEntries(long start, long end) {
    PageTable table = firstTableIn(start, end);
    long address = start;
    while (table != null) {
      long to = Math.min(end, table.end());
      address = Math.max(address, table.start());
      while (address < to) {
        if (table.get(address) != Pte.NONE) {
          return true;
        }
        address = table.isUniform() ? to : address + (1L << lineShift);
      }
      table = firstTableIn(to, end);
    }
    return false;
  }

  /** From now on no CPU runs the address space, and nothing may be put into it. */
  void release() {
    isReleased = true;
  }

  boolean isReleased() {
    return isReleased;
  }

  /** Frees every page-table page; at the end of the address space. */
  void clear() {
    Arrays.fill(top, null);
    recentKey = -1;
    recent = null;
    tableCount = 0;
  }

  /** Existing page-table pages. */
  int tableCount() {
    return tableCount;
  }

  @Override
  public String toString() {
    return "address space " + index + " of tgid " + tgid;
  }
}
