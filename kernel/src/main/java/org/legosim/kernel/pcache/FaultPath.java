package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A page fault after the trap: decides by the page-table entry what is to be done.
 *
 * <p>Result: {@link #HANDLED} (the access is to be tried again), {@link #SIGSEGV} or {@link
 * #OUT_OF_MEMORY}.
 *
 * <p>Source: LegoOS {@code managers/processor/pcache/fault.c}.
 */
@HotPath
public final class FaultPath extends PcachePath {
  /** Argument: the address. */
  public static final int ADDRESS = 0;

  /** Argument: {@link #WRITE}, {@link #USER}, {@link #INSTRUCTION}. */
  public static final int FLAGS = 1;

  /** Argument: index of the address space. */
  public static final int SPACE = 2;

  public static final long WRITE = 1;
  public static final long USER = 2;
  public static final long INSTRUCTION = 4;

  public static final long HANDLED = 0;
  public static final long SIGSEGV = 1;
  public static final long OUT_OF_MEMORY = 2;

  private static final int ORIGINAL = 3;
  private static final int SOURCE = 4;
  private static final int ENTRY = 5;
  private static final int WAIT_START_PS = 6;
  private static final int TOUCHED = 7;
  private static final int AHEAD = 8;

  private static final int BEGIN = 0;
  private static final int DECIDE = 1;
  private static final int LOOK_UP = 2;
  private static final int LEFT_LIST = 3;
  private static final int FILL = 4;
  private static final int FILLED = 5;
  private static final int RESOLVED = 6;
  private static final int NOTED = 7;
  private static final int SECTOR_FETCHED = 8;

  private final FillPath fill;
  private final PresentFaultPath present;
  private final SectorPath sector;
  private FaultKind lastKind = FaultKind.FAILED;
  private int lastLine = Lines.NONE;
  private long startPs;

  FaultPath(Pcache pcache, KernelContext context, FillPath fill, PresentFaultPath present) {
    super("page fault", pcache, context);
    this.fill = fill;
    this.present = present;
    this.sector = new SectorPath(pcache, context);
  }

  /** How the last fault on this context ended. */
  public FaultKind lastKind() {
    return lastKind;
  }

  /** The line that the last fault's page is in, or -1. */
  public int lastLine() {
    return lastLine;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case DECIDE -> decide(frame);
      case LOOK_UP -> lookUp(frame);
      case LEFT_LIST -> leftList(frame);
      case FILL -> callFill(frame);
      case NOTED -> fill(frame);
      case FILLED -> filled(frame);
      case SECTOR_FETCHED -> end(result(), sector.lastKind(), sector.lastLine());
      default -> resolved();
    };
  }

  private int begin(Frame frame) {
    frame.slot[TOUCHED] = frame.slot[ADDRESS];
    long address = pcache.geometry.pageOf(frame.slot[ADDRESS]);
    frame.slot[ADDRESS] = address;
    if (address < 0 || address >= AddressSpace.END) {
      return leave(SIGSEGV, FaultKind.FAILED, Lines.NONE);
    }
    counters.pgfault++;
    startPs = context.nowPs();
    if ((frame.slot[FLAGS] & INSTRUCTION) != 0) {
      counters.pgfaultCode++;
    }
    long costPs = charges.walk.charge();
    if (space(frame).table(address) == null) {
      costPs += charges.tableAllocate.charge();
    }
    return pay(frame, DECIDE, costPs);
  }

  private int decide(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    long address = frame.slot[ADDRESS];
    long entry = space(frame).makeTable(address).get(address);
    frame.slot[ORIGINAL] = entry;
    if (Pte.isPresent(entry)) {
      return pcache.sectors.isPresent(Pte.line(entry), frame.slot[TOUCHED])
          ? callPresent(frame)
          : callSector(frame);
    }
    if (entry == Pte.ZERO_FILL) {
      frame.slot[SOURCE] = FillPath.SOURCE_ZERO;
      return go(frame, FILL);
    }
    if (entry != Pte.NONE) {
      throw new InvariantViolation("bad page-table entry 0x" + Long.toHexString(entry) + " of 0x"
          + Long.toHexString(address));
    }
    frame.slot[SOURCE] = FillPath.SOURCE_REMOTE;
    int set = pcache.geometry.setOf(address);
    if (pcache.sets.evictionEntries(set) > 0) {
      return pay(frame, LOOK_UP, charges.evictionLookup.charge());
    }
    if (pcache.sets.victims(set) > 0) {
      return search(frame);
    }
    return go(frame, FILL);
  }

  /** Waits while the page is on the eviction list of its set. */
  private int lookUp(Frame frame) {
    int tgid = space(frame).tgid();
    if (!pcache.evictions.contains(tgid, frame.slot[ADDRESS])) {
      return go(frame, FILL);
    }
    counters.pgfaultConcurrentEviction++;
    context.stamp(TimeCategory.ALLOCATE);
    frame.slot[WAIT_START_PS] = context.nowPs();
    frame.step = LEFT_LIST;
    pcache.evictions.await(context, tgid, frame.slot[ADDRESS]);
    return WAIT;
  }

  private int leftList(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    // The kernel counts a look-up only when it finds the page, so both counters rise together.
    long polls = pcache.evictions.pollsSince(frame.slot[WAIT_START_PS], context.nowPs());
    counters.psetListLookup += polls;
    counters.psetListHit += polls;
    return go(frame, FILL);
  }

  private int search(Frame frame) {
    counters.victimLookup++;
    int entry = pcache.victims.find(space(frame).tgid(), frame.slot[ADDRESS]);
    frame.slot[ENTRY] = entry;
    if (entry != VictimCache.NONE) {
      counters.victimHit++;
      pcache.victims.beginFill(entry);
      frame.slot[SOURCE] = FillPath.SOURCE_VICTIM;
    }
    return pay(frame, FILL, charges.victimScan.charge(pcache.victims.lastVisited()));
  }

  private int callFill(Frame frame) {
    if (!pcache.prefetches) {
      return fill(frame);
    }
    // Before the fill, so that nothing but the trap's return lies between the mapping and its use.
    AddressSpace space = space(frame);
    long ahead = pcache.prefetcher.faulted(space, context.taskId(), frame.slot[ADDRESS]);
    frame.slot[AHEAD] = ahead;
    long requests = ahead == 0 ? 0 : pcache.prefetcher.depth();
    return pay(
        frame, NOTED, charges.prefetchDetect.charge() + charges.prefetchRequest.charge(requests));
  }

  private int fill(Frame frame) {
    frame.step = FILLED;
    Frame call = push(fill);
    call.slot[FillPath.ADDRESS] = frame.slot[ADDRESS];
    call.slot[FillPath.FLAGS] = frame.slot[FLAGS];
    call.slot[FillPath.SPACE] = frame.slot[SPACE];
    call.slot[FillPath.ORIGINAL] = frame.slot[ORIGINAL];
    call.slot[FillPath.SOURCE] = frame.slot[SOURCE];
    call.slot[FillPath.ENTRY] = frame.slot[ENTRY];
    call.slot[FillPath.TOUCHED] = frame.slot[TOUCHED];
    return CALL;
  }

  private int filled(Frame frame) {
    if (pcache.prefetches && result() == HANDLED && frame.slot[AHEAD] != 0) {
      pcache.prefetcher.request(context, space(frame), frame.slot[ADDRESS], frame.slot[AHEAD]);
    }
    return end(result(), fill.lastKind(), fill.lastLine());
  }

  private int callPresent(Frame frame) {
    frame.step = RESOLVED;
    Frame call = push(present);
    call.slot[PresentFaultPath.ADDRESS] = frame.slot[ADDRESS];
    call.slot[PresentFaultPath.FLAGS] = frame.slot[FLAGS];
    call.slot[PresentFaultPath.SPACE] = frame.slot[SPACE];
    call.slot[PresentFaultPath.ORIGINAL] = frame.slot[ORIGINAL];
    call.slot[PresentFaultPath.TOUCHED] = frame.slot[TOUCHED];
    return CALL;
  }

  private int callSector(Frame frame) {
    frame.step = SECTOR_FETCHED;
    Frame call = push(sector);
    call.slot[SectorPath.TOUCHED] = frame.slot[TOUCHED];
    call.slot[SectorPath.FLAGS] = frame.slot[FLAGS];
    call.slot[SectorPath.SPACE] = frame.slot[SPACE];
    return CALL;
  }

  private int resolved() {
    return end(result(), present.lastKind(), present.lastLine());
  }

  private int end(long outcome, FaultKind kind, int line) {
    context.stamp(TimeCategory.ALLOCATE);
    profile.handleFault.leave(context, startPs);
    if (outcome == HANDLED) {
      return leave(outcome, kind, line);
    }
    counters.faultsFailed++;
    return leave(outcome, FaultKind.FAILED, Lines.NONE);
  }

  private int leave(long outcome, FaultKind kind, int line) {
    lastKind = kind;
    lastLine = line;
    return done(outcome);
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    long flags = frame.slot[FLAGS];
    details
        .address("address", frame.slot[ADDRESS])
        .text(
            "access",
            (flags & WRITE) != 0 ? "store" : (flags & INSTRUCTION) != 0 ? "fetch" : "load")
        .number("pid", space(frame).tgid());
  }

  @Override
  public void showEnd(Frame frame, SliceDetails details) {
    details.text("kind", lastKind.word());
  }

  @Override
  public String stepName(int step) {
    return step == LEFT_LIST ? "waiting for the eviction list" : super.stepName(step);
  }
}
