package org.legosim.kernel.pcache;

/** The last events of a pcache, for the message of a violation; passes each on to another log. */
public final class RecentEvents implements EventLog {
  private static final int CAPACITY = 1 << 14;
  private static final int SHOWN_MAX = 12;

  private final EventLog next;
  private final long[] timePs = new long[CAPACITY];
  private final int[] cpu = new int[CAPACITY];
  private final char[] kind = new char[CAPACITY];
  private final int[] tgid = new int[CAPACITY];
  private final long[] address = new long[CAPACITY];
  private final int[] set = new int[CAPACITY];
  private final int[] way = new int[CAPACITY];
  private long count;

  public RecentEvents(EventLog next) {
    this.next = next;
  }

  @Override
  public void event(
      long eventPs, int onCpu, char what, int process, long page, int inSet, int inWay) {
    int slot = (int) (count++ & (CAPACITY - 1));
    timePs[slot] = eventPs;
    cpu[slot] = onCpu;
    kind[slot] = what;
    tgid[slot] = process;
    address[slot] = page;
    set[slot] = inSet;
    way[slot] = inWay;
    next.event(eventPs, onCpu, what, process, page, inSet, inWay);
  }

  /** The last events of a page, or of a line given by its set and way, oldest first. */
  String of(int process, long page, int lineSet, int lineWay) {
    int[] shown = new int[SHOWN_MAX];
    int found = 0;
    long oldest = Math.max(0, count - CAPACITY);
    for (long at = count - 1; at >= oldest && found < SHOWN_MAX; at--) {
      int slot = (int) (at & (CAPACITY - 1));
      boolean isPage = tgid[slot] == process && address[slot] == page;
      // the way of a victim cache event is an entry, not a line
      boolean isLine =
          set[slot] == lineSet && way[slot] == lineWay && Character.isUpperCase(kind[slot]);
      if (isPage || isLine) {
        shown[found++] = slot;
      }
    }
    StringBuilder out = new StringBuilder();
    while (found > 0) {
      int slot = shown[--found];
      out.append("\n  ")
          .append(timePs[slot])
          .append(" ps CPU ")
          .append(cpu[slot])
          .append(": ")
          .append(kind[slot])
          .append(" 0x")
          .append(Long.toHexString(address[slot]))
          .append(" of tgid ")
          .append(tgid[slot])
          .append(", set ")
          .append(set[slot])
          .append(", way ")
          .append(way[slot]);
    }
    return out.isEmpty() ? "" : "\nlast events of the page and the line:" + out;
  }
}
