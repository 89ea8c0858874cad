package org.legosim.hardware;

import java.util.Arrays;
import org.legosim.hardware.cache.Cache;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.timing.Frequency;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.AccessKind;

/**
 * Memory as one CPU sees it: its L1D and L2, and the socket's shared part behind them. User and kernel
 * accesses go the same way.
 *
 * <p>An access has two steps, so that what others can see happens in the global order: {@link
 * #probePrivate} may run ahead of it; when it answers {@link #SHARED}, the access is finished by
 * {@link #accessShared} at its own time. One access is pending at a time.
 *
 * <p>Levels: a line is filled into every level on its way in. A dirty victim goes to the next level;
 * those that leave the L2 wait in a write-back buffer for the CPU's next shared access, or force one
 * when the buffer is full. Evictions do not reach into other levels.
 *
 * <p>Left out: coherence between CPUs (an invalidation after DMA or a remap is the kernel's call to
 * {@link #invalidate}), prefetching, misses in flight that merge.
 */
@HotPath
public final class MemoryHierarchy implements MemoryPort {
  /** Served by the first level. */
  public static final int L1 = 0;

  /** Served by the second level. */
  public static final int L2 = 1;

  /** Served by the socket's last-level cache. */
  public static final int LLC = 2;

  /** Served by the socket's DRAM. */
  public static final int DRAM = 3;

  /** Not known yet: {@link #accessShared} must follow. */
  public static final int SHARED = 4;

  private static final int WRITE_BACKS = 16;
  private static final int MAX_PENDING = 2;

  private final Cache first;
  private final Cache second;
  private final SocketMemory socket;
  private final int lineShift;
  private final long lineCount;
  private final int firstCycles;
  private final int secondCycles;
  private final long firstPs;
  private final long secondPs;
  private final long lastPs;
  private final Cost firstCost;
  private final Cost secondCost;
  private final Cost lastCost;

  private final long[] writeBacks = new long[WRITE_BACKS];
  private int writeBackCount;

  // The access that waits for its shared step.
  private final long[] pendingLine = new long[MAX_PENDING];
  private final boolean[] isSecondProbed = new boolean[MAX_PENDING];
  private int pendingCount;
  private boolean pendingIsWrite;
  private int servedBy;

  /** When each fill buffer is free again, during {@link #stream}. */
  private final long[] fillBufferPs;

  /**
   * @param name path of the CPU, for its random streams
   * @param memoryBytes physical addresses are below this
   */
  public MemoryHierarchy(
      Simulation simulation,
      String name,
      CachesParams params,
      Frequency core,
      SocketMemory socket,
      long memoryBytes) {
    lineShift = Integer.numberOfTrailingZeros(params.lineBytes());
    lineCount = memoryBytes >>> lineShift;
    first = new Cache(params.l1d(), lineCount, simulation.stream(name + ".l1d"));
    second = new Cache(params.l2(), lineCount, simulation.stream(name + ".l2"));
    this.socket = socket;
    firstCycles = (int) params.l1dLatencyCycles().value();
    secondCycles = (int) params.l2LatencyCycles().value();
    firstPs = core.durationPs(firstCycles);
    secondPs = core.durationPs(secondCycles);
    lastPs = core.durationPs(params.llcLatencyCycles().value());
    firstCost = simulation.ledger().cost(params.l1dLatencyCycles());
    secondCost = simulation.ledger().cost(params.l2LatencyCycles());
    lastCost = simulation.ledger().cost(params.llcLatencyCycles());
    fillBufferPs = new long[params.fillBuffers()];
  }

  /**
   * The private part of an access of up to a line's length.
   *
   * @param kind an {@link AccessKind}
   * @return {@link #L1} or {@link #L2} when it is complete, else {@link #SHARED}; the slower of the
   *     two for an access that straddles lines
   */
  public int probePrivate(long physicalAddress, int bytes, int kind) {
    long line = physicalAddress >>> lineShift;
    boolean isWrite = kind >= AccessKind.STORE;
    int served = first.access(line, isWrite) ? L1 : probeBehindFirst(line, isWrite);
    long last = (physicalAddress + bytes - 1) >>> lineShift;
    if (line == last) {
      return served;
    }
    int other = first.access(last, isWrite) ? L1 : probeBehindFirst(last, isWrite);
    return Math.max(served, other);
  }

  private int probeBehindFirst(long line, boolean isWrite) {
    boolean hasRoom = writeBackCount < WRITE_BACKS;
    if (hasRoom && second.access(line, false)) {
      fillFirst(line, isWrite);
      return L2;
    }
    if (pendingCount == MAX_PENDING || line >= lineCount) {
      throw new ModelException(
          "access to line " + line + " of " + lineCount + ", " + pendingCount + " lines pending");
    }
    pendingLine[pendingCount] = line;
    isSecondProbed[pendingCount++] = hasRoom;
    pendingIsWrite = isWrite;
    return SHARED;
  }

  private void fillFirst(long line, boolean isWrite) {
    long victim = first.fill(line, isWrite);
    if (Cache.isDirty(victim) && !second.writeBack(Cache.lineOf(victim))) {
      queueWriteBack(second.fill(Cache.lineOf(victim), true));
    }
  }

  private void queueWriteBack(long victim) {
    if (Cache.isDirty(victim)) {
      if (writeBackCount == WRITE_BACKS) {
        throw new ModelException("the write-back buffer overflows");
      }
      writeBacks[writeBackCount++] = Cache.lineOf(victim);
    }
  }

  private void drainWriteBacks(long nowPs) {
    for (int i = 0; i < writeBackCount; i++) {
      socket.writeBack(nowPs, writeBacks[i]);
    }
    writeBackCount = 0;
  }

  /**
   * Finishes the pending access in the simulation's present.
   *
   * @param issuePs when it was issued: now
   * @return when its data is at the core; {@link #servedBy} tells the slowest level involved
   */
  public long accessShared(long issuePs) {
    drainWriteBacks(issuePs);
    long completionPs = issuePs;
    servedBy = L2;
    for (int i = 0; i < pendingCount; i++) {
      completionPs = Math.max(completionPs, fetch(issuePs, pendingLine[i], isSecondProbed[i]));
      fillFirst(pendingLine[i], pendingIsWrite);
    }
    pendingCount = 0;
    drainWriteBacks(issuePs);
    return completionPs;
  }

  /** Brings a line that the first level lacks into the second. */
  private long fetch(long issuePs, long line, boolean isSecondProbed) {
    if (!isSecondProbed && second.access(line, false)) {
      return issuePs + secondPs;
    }
    long completionPs = socket.read(issuePs, line);
    servedBy = Math.max(servedBy, socket.isServedByCache() ? LLC : DRAM);
    queueWriteBack(second.fill(line, false));
    return completionPs;
  }

  /** The level that served the last {@link #accessShared}, {@link #access} or {@link #stream}. */
  public int servedBy() {
    return servedBy;
  }

  /** Both steps at once, for what runs in the simulation's present anyway: kernel code. */
  public long access(long nowPs, long physicalAddress, int bytes, int kind) {
    int served = probePrivate(physicalAddress, bytes, kind);
    if (served == SHARED) {
      return accessShared(nowPs);
    }
    servedBy = served;
    return nowPs + (served == L1 ? firstPs : secondPs);
  }

  /** A page walker's read. */
  @Override
  public long read(long timePs, long physicalAddress) {
    return access(timePs, physicalAddress, Long.BYTES, AccessKind.LOAD);
  }

  /**
   * A run of lines read or written one after the other, such as a page that is copied, in the
   * simulation's present. Lines that miss in the first level overlap, as many as there are fill
   * buffers.
   *
   * @return when the last line is there; the copying instructions are the caller's
   */
  public long stream(long nowPs, long physicalAddress, int bytes, int kind) {
    boolean isWrite = kind >= AccessKind.STORE;
    long last = (physicalAddress + bytes - 1) >>> lineShift;
    long issuePs = nowPs;
    long endPs = nowPs + firstPs;
    int worst = L1;
    int buffer = 0;
    Arrays.fill(fillBufferPs, nowPs);
    for (long line = physicalAddress >>> lineShift; line <= last; line++) {
      if (first.access(line, isWrite)) {
        continue;
      }
      issuePs = Math.max(issuePs, fillBufferPs[buffer]);
      int served = probeBehindFirst(line, isWrite);
      long completionPs = issuePs + secondPs;
      if (served == SHARED) {
        completionPs = accessShared(issuePs);
        served = servedBy;
      }
      worst = Math.max(worst, served);
      fillBufferPs[buffer] = completionPs;
      buffer = buffer + 1 == fillBufferPs.length ? 0 : buffer + 1;
      endPs = Math.max(endPs, completionPs);
    }
    servedBy = worst;
    return endPs;
  }

  /**
   * Drops this CPU's copies of memory that a device or another CPU has overwritten, dirty ones too.
   */
  public void invalidate(long physicalAddress, int bytes) {
    long line = physicalAddress >>> lineShift;
    int lines = (int) (((physicalAddress + bytes - 1) >>> lineShift) - line) + 1;
    first.invalidate(line, lines);
    second.invalidate(line, lines);
  }

  /** Load-to-use latency of a private level, in core cycles. */
  public int latencyCycles(int level) {
    return level == L1 ? firstCycles : secondCycles;
  }

  /** Enters the time for which a core stalled on a level into the ledger, under its latency. */
  public void chargeStall(int level, long stallPs) {
    switch (level) {
      case L1 -> firstCost.chargePs(stallPs);
      case L2 -> secondCost.chargePs(stallPs);
      default -> lastCost.chargePs(Math.min(stallPs, lastPs));
    }
  }

  public Cache first() {
    return first;
  }

  public Cache second() {
    return second;
  }

  /** Checks that no access is half done; for a run's end. */
  public void verifyQuiescent() {
    if (pendingCount != 0) {
      throw new ModelException("an access still waits for a shared level");
    }
  }
}
