package org.legosim.kernel.system;

import org.legosim.kernel.pcache.AddressSpace;
import org.legosim.kernel.pcache.Pcache;
import org.legosim.kernel.pcache.PcachePaths;
import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.processor.MemoryPaths;
import org.legosim.kernel.processor.ProcessMemory;
import org.legosim.kernel.processor.UserProcess;

/** User memory in the pcache, for one CPU. */
final class PcacheMemory implements MemoryPaths {
  /** An address space as the CPU's page walker sees it. */
  record Space(AddressSpace table) implements ProcessMemory {
    @Override
    public int index() {
      return table.index();
    }

    @Override
    public long walk(long address, boolean store) {
      return table.walk(address, store);
    }
  }

  private final KernelContext context;
  private final Pcache pcache;
  private final PcachePaths paths;
  private final TrapPath trap;
  private final MovePages move;

  PcacheMemory(
      KernelContext context,
      Pcache pcache,
      TrapPath.Costs costs,
      MissRecords records,
      Fills fills,
      CounterSampler counters) {
    this.context = context;
    this.pcache = pcache;
    this.paths = new PcachePaths(pcache, context);
    this.move = new MovePages(context, paths);
    this.trap = new TrapPath(context, pcache, paths, costs, records, fills, counters);
  }

  private static AddressSpace table(UserProcess process) {
    return ((Space) process.memory()).table();
  }

  @Override
  public void callFault(UserProcess process, long address, FaultAccess access, boolean isUser) {
    trap.call(table(process), address, access, isUser);
  }

  @Override
  public int faultOutcome() {
    return trap.outcome();
  }

  @Override
  public String describeOutOfMemory() {
    return paths.describeOutOfMemory();
  }

  @Override
  public void learnRegions(UserProcess process, long[] regions) {
    table(process).learnRegions(regions);
  }

  @Override
  public void callMapped(UserProcess process, long start, long length) {
    paths.callMapped(table(process), start, start + length);
  }

  @Override
  public void callUnmap(UserProcess process, long start, long length) {
    paths.callUnmap(table(process), start, start + length);
  }

  @Override
  public boolean callDetach(UserProcess process, long start, long length) {
    return paths.callDetach(table(process), start, start + length);
  }

  @Override
  public boolean callDetachMove(
      UserProcess process, long oldStart, long oldLength, long newStart, long newLength) {
    return paths.callDetachMove(table(process), oldStart, oldLength, newStart, newLength);
  }

  @Override
  public long translationBytes() {
    return 1L << pcache.sectorShift();
  }

  @Override
  public void callMove(UserProcess process, long oldStart, long newStart, long length) {
    if (!paths.movesLines(oldStart, newStart)) {
      // what came back meanwhile is of the old mapping
      callUnmap(process, oldStart, length);
      callUnmap(process, newStart, length);
      return;
    }
    move.call(table(process), oldStart, newStart, length);
  }

  @Override
  public void pin(UserProcess process, long start, long length, Change change) {
    paths.pin(table(process), start, start + length, change);
  }

  @Override
  public void moving(UserProcess process, long oldStart, long newStart, long length) {
    if (paths.movesLines(oldStart, newStart)) {
      paths.moving(table(process), oldStart, oldStart + length, newStart - oldStart);
    }
  }

  @Override
  public void unpin(UserProcess process) {
    paths.unpin(table(process));
  }

  @Override
  public void callSettle(UserProcess process, long start, long length, Change change) {
    paths.callSettle(table(process), start, start + length, change);
  }

  @Override
  public boolean sharesOnVfork() {
    return !pcache.forksOntoItself();
  }

  /** The processor node knows no areas: they are in the memory node's reply to the fork. */
  @Override
  public void callFork(UserProcess parent, UserProcess child, boolean sharesMemory) {
    long[] areas = context.request().areas;
    table(child).copyRegions(table(parent));
    if (sharesMemory) {
      paths.callForkInto(table(parent), table(child), areas);
    } else {
      paths.callFork(table(parent), table(child), areas);
    }
  }

  @Override
  public void callRelease(UserProcess process) {
    paths.callRelease(table(process));
  }
}
