package org.legosim.kernel.processor;

import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.metrics.LatencyCounts;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * User memory of an ordinary machine: every page is local, a first touch is a kernel fault that
 * clears a page, and nothing is ever evicted. It is what the disaggregated machine is compared with.
 *
 * <p>Left out at this level: sharing and copy-on-write after fork; the child's pages are its own at
 * once.
 */
public final class LocalMemory implements MemoryPaths {
  /** Stands where a path to a remote node would: nothing is ever sent. */
  public static final KernelPath NO_REMOTE = KernelPaths.NOTHING;

  /** log2 of a page's bytes. */
  public static final int PAGE_SHIFT = 12;

  /** Page frames of the machine: 64 GiB. */
  public static final long FRAMES = 1L << 24;

  static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  private final KernelContext context;
  private final Shared shared;
  private final FaultPath fault = new FaultPath();

  /** Costs and counts of all CPUs of a node. */
  public static final class Shared {
    private final Cost trapEntry;
    private final Cost trapReturn;
    private final Cost localFault;
    private final Cost localFaultShared;
    private final Cost clearPage;
    private final LatencyCounts faultLatency = new LatencyCounts();
    private long faults;
    private long frames;

    public Shared(Ledger ledger, ProcessorCosts costs) {
      trapEntry = ledger.cost(costs.trapEntry());
      trapReturn = ledger.cost(costs.trapReturn());
      localFault = ledger.cost(costs.localFault());
      localFaultShared = ledger.cost(costs.localFaultShared());
      clearPage = ledger.cost(costs.clearPage());
    }

    public long faults() {
      return faults;
    }

    public LatencyCounts faultLatency() {
      return faultLatency;
    }
  }

  public LocalMemory(KernelContext context, Shared shared) {
    this.context = context;
    this.shared = shared;
  }

  /** A fresh, empty address space. */
  public static ProcessMemory newSpace(int index) {
    return new Space(index);
  }

  /** One process's pages: present or not. */
  static final class Space implements ProcessMemory {
    private final int index;
    private final PageTable pages = new PageTable();
    private final KernelLock semaphore;

    Space(int index) {
      this.index = index;
      this.semaphore = new KernelLock("mmap_sem of space " + index);
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public long walk(long address, boolean store) {
      long frame = pages.get(address >>> PAGE_SHIFT);
      return frame == PageTable.ABSENT ? NOT_PRESENT : frame << 1 | MAY_STORE;
    }
  }

  private final class FaultPath extends KernelPath {
    private static final int ADDRESS = 0;
    private static final int START_PS = 1;
    private static final int ENTRY = 0;
    private static final int AREA = 1;
    private static final int OWNED = 2;
    private static final int FILL = 3;
    private static final int CLEAR = 4;
    private static final int CLEARED = 5;
    private static final int LEFT = 6;

    private Space space = new Space(-1);

    FaultPath() {
      super("local fault");
    }

    @Override
    public void showBegin(Frame frame, SliceDetails details) {
      details.address("address", frame.slot[ADDRESS]);
    }

    @Override
    @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
    public int resume(Frame frame) {
      switch (frame.step) {
        case ENTRY:
          frame.slot[START_PS] = context.nowPs();
          frame.step = AREA;
          if (!context.advanceIrqsOff(IrqsOff.TRAP, shared.trapEntry.charge())) {
            return WAIT;
          }
        // fall through
        case AREA:
          context.stamp(TimeCategory.TRAP);
          frame.step = OWNED;
          if (!space.semaphore.acquire(context)) {
            return WAIT;
          }
        // fall through
        case OWNED:
          context.stamp(TimeCategory.LOCK_WAIT);
          frame.step = FILL;
          if (!context.advance(shared.localFaultShared.charge())) {
            return WAIT;
          }
        // fall through
        case FILL:
          space.semaphore.release(context, 0);
          frame.step = CLEAR;
          if (!context.advance(shared.localFault.charge())) {
            return WAIT;
          }
        // fall through
        case CLEAR:
          context.stamp(TimeCategory.ALLOCATE);
          shared.faults++;
          space.pages.putIfAbsent(frame.slot[ADDRESS] >>> PAGE_SHIFT, shared.frames++);
          frame.step = CLEARED;
          if (!context.advance(shared.clearPage.chargeBytes(PAGE_BYTES))) {
            return WAIT;
          }
        // fall through
        case CLEARED:
          context.stamp(TimeCategory.COPY);
          frame.step = LEFT;
          if (!context.advanceIrqsOff(IrqsOff.TRAP, shared.trapReturn.charge())) {
            return WAIT;
          }
        // fall through
        default: // LEFT
          context.stamp(TimeCategory.TRAP);
          shared.faultLatency.record(context.nowPs() - frame.slot[START_PS]);
          return DONE;
      }
    }
  }

  @Override
  public void callFault(UserProcess process, long address, FaultAccess access, boolean isUser) {
    fault.space = (Space) process.memory();
    context.stack().call(fault).slot[FaultPath.ADDRESS] = address;
  }

  @Override
  public int faultOutcome() {
    return HANDLED;
  }

  @Override
  public String describeOutOfMemory() {
    return "local memory has no limit";
  }

  @Override
  public void callMapped(UserProcess process, long start, long length) {
    context.stack().call(KernelPaths.NOTHING);
  }

  @Override
  public void callUnmap(UserProcess process, long start, long length) {
    ((Space) process.memory()).pages.removeRange(start >>> PAGE_SHIFT, length >>> PAGE_SHIFT);
    flush(process, start, length);
  }

  @Override
  public void callMove(UserProcess process, long oldStart, long newStart, long length) {
    ((Space) process.memory())
        .pages.moveRange(oldStart >>> PAGE_SHIFT, newStart >>> PAGE_SHIFT, length >>> PAGE_SHIFT);
    flush(process, oldStart, length);
  }

  private void flush(UserProcess process, long start, long length) {
    Frame frame = context.stack().call(context.shootdown());
    frame.slot[ShootdownPath.SPACE] = process.memory().index();
    frame.slot[ShootdownPath.ADDRESS] = start;
    frame.slot[ShootdownPath.PAGES] = Math.max(1, length >>> PAGE_SHIFT);
    frame.slot[ShootdownPath.REMOTE_ONLY] = 0;
  }

  @Override
  public void callSettle(UserProcess process, long start, long length, Change change) {
    context.stack().call(KernelPaths.NOTHING);
  }

  @Override
  public void callFork(UserProcess parent, UserProcess child, boolean sharesMemory) {
    ((Space) child.memory()).pages.copyFrom(((Space) parent.memory()).pages);
    context.stack().call(KernelPaths.NOTHING);
  }

  @Override
  public void callRelease(UserProcess process) {
    ((Space) process.memory()).pages.clear();
    context.stack().call(KernelPaths.NOTHING);
  }
}
