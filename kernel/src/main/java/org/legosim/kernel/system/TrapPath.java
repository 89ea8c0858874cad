package org.legosim.kernel.system;

import org.legosim.kernel.pcache.AddressSpace;
import org.legosim.kernel.pcache.FaultKind;
import org.legosim.kernel.pcache.FaultPath;
import org.legosim.kernel.pcache.Pcache;
import org.legosim.kernel.pcache.PcachePaths;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.processor.MemoryPaths;
import org.legosim.kernel.smp.IrqsOff;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * A page fault from the faulting access to its retry: the trap, the pcache's fault path, the return.
 * It measures the fault's latency and samples single misses with all their parts.
 */
final class TrapPath extends KernelPath {
  private static final int ENTRY = 0;
  private static final int FAULT = 1;
  private static final int HANDLED = 2;
  private static final int LEAVE = 3;
  private static final int RETURNED = 4;

  private final KernelContext context;
  private final Pcache pcache;
  private final PcachePaths paths;
  private final Costs costs;
  private final MissSampler sampler;
  private final SeriesRecorder series;
  private final int firstCpu;
  private final Fills fills;
  private final CounterSampler counters;
  private final long[] before = new long[TimeCategory.values().length];
  private final long[] after = new long[TimeCategory.values().length];

  @SuppressWarnings("NullAway.Init") // set by every call
  private AddressSpace space;

  private long address;
  private MemoryPaths.FaultAccess access = MemoryPaths.FaultAccess.LOAD;
  private boolean isUser;
  private long startPs;
  private int outcome;

  /** What the trap itself takes. */
  record Costs(Cost entry, Cost leave) {}

  TrapPath(
      KernelContext context,
      Pcache pcache,
      PcachePaths paths,
      Costs costs,
      MissRecords records,
      Fills fills,
      CounterSampler counters) {
    super("trap");
    this.context = context;
    this.pcache = pcache;
    this.paths = paths;
    this.costs = costs;
    this.sampler = records.sampler();
    this.series = records.series();
    this.firstCpu = records.firstCpu();
    this.fills = fills;
    this.counters = counters;
  }

  void call(
      AddressSpace faultingSpace,
      long faultAddress,
      MemoryPaths.FaultAccess faultAccess,
      boolean user) {
    space = faultingSpace;
    address = faultAddress;
    access = faultAccess;
    isUser = user;
    context.stack().call(this);
  }

  int outcome() {
    return outcome;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    switch (frame.step) {
      case ENTRY:
        startPs = context.nowPs();
        context.copyClock(before);
        frame.step = FAULT;
        if (!context.advanceIrqsOff(IrqsOff.TRAP, costs.entry().charge())) {
          return WAIT;
        }
      // fall through
      case FAULT:
        context.stamp(TimeCategory.TRAP);
        frame.step = HANDLED;
        paths.callFault(space, address, flagsOf(access) | (isUser ? FaultPath.USER : 0));
        return CALL;
      case HANDLED:
        outcome = outcomeOf(context.stack().result);
        frame.step = LEAVE;
        if (!context.advance(touchRecords())) {
          return WAIT;
        }
      // fall through
      case LEAVE:
        context.stamp(TimeCategory.ALLOCATE);
        frame.step = RETURNED;
        if (!context.advanceIrqsOff(IrqsOff.TRAP, costs.leave().charge())) {
          return WAIT;
        }
      // fall through
      default: // RETURNED
        context.stamp(TimeCategory.TRAP);
        record();
        return DONE;
    }
  }

  private static long flagsOf(MemoryPaths.FaultAccess access) {
    return switch (access) {
      case LOAD -> 0;
      case STORE -> FaultPath.WRITE;
      case FETCH -> FaultPath.INSTRUCTION;
    };
  }

  private long touchRecords() {
    int line = paths.fault().lastLine();
    if (outcome != MemoryPaths.HANDLED
        || line < 0
        || paths.fault().lastKind() == FaultKind.SECTOR) {
      return 0;
    }
    fills.filled(line);
    // A fill has paid for its records already.
    return paths.fault().lastKind() == FaultKind.COW ? context.touchRecords(address, line) : 0;
  }

  private static int outcomeOf(long result) {
    if (result == FaultPath.HANDLED) {
      return MemoryPaths.HANDLED;
    }
    return result == FaultPath.SIGSEGV ? MemoryPaths.SEGMENTATION_FAULT : MemoryPaths.OUT_OF_MEMORY;
  }

  private void record() {
    if (outcome != MemoryPaths.HANDLED) {
      return;
    }
    pcache.recordFault(context.nowPs() - startPs);
    series.miss(context.nowPs(), fillOf(paths.fault().lastKind()));
    counters.sample(context.nowPs());
    if (sampler.takesNext()) {
      fill(sampler.add());
    }
  }

  private static int fillOf(FaultKind kind) {
    return switch (kind) {
      case REMOTE, PIGGYBACK, SECTOR -> SeriesRecorder.REMOTE;
      case VICTIM -> SeriesRecorder.VICTIM;
      case ZERO -> SeriesRecorder.ZERO;
      case COW, LOST_RACE, FAILED -> 0;
    };
  }

  private void fill(MissSampler.Slot slot) {
    context.copyClock(after);
    for (int i = 0; i < after.length; i++) {
      slot.partsPs[i] = after[i] - before[i];
    }
    int line = paths.fault().lastLine();
    slot.startPs = startPs;
    slot.cpu = firstCpu + context.cpuIndex();
    slot.pid = space.tgid();
    slot.tid = context.taskId();
    slot.address = address;
    slot.set = pcache.geometry().setOf(address);
    slot.way = line < 0 ? -1 : pcache.geometry().wayOfLine(line);
    slot.kind = paths.fault().lastKind();
    slot.totalPs = context.nowPs() - startPs;
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.address("address", address).number("pid", space.tgid());
  }

  @Override
  public void showEnd(Frame frame, SliceDetails details) {
    details.text("kind", paths.fault().lastKind().word());
  }

  @Override
  public String stepName(int step) {
    return step == HANDLED ? "handling" : step == RETURNED ? "return" : "entry";
  }
}
