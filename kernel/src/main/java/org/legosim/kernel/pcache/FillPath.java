package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.PageContent;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Fills a missing page: gets a line without the page-table lock, takes that lock, and if the entry is
 * still the same fills the line under it: by an RPC that may carry a dirty line away, with zeros, or
 * from the victim cache. Then installs the page, always writable. A prefetch is the same without a fault:
 * it does not wait for a line, and what it installs is marked as not touched.
 *
 * <p>Result as {@link FaultPath}'s.
 */
@HotPath
final class FillPath extends PcachePath {
  static final int ADDRESS = 0;

  /** Argument: flags of {@link FaultPath}. */
  static final int FLAGS = 1;

  /** Argument: index of the address space. */
  static final int SPACE = 2;

  /** Argument: the entry that caused the fault. */
  static final int ORIGINAL = 3;

  /** Argument: where the data comes from. */
  static final int SOURCE = 4;

  /** Argument: the victim cache entry, for {@link #SOURCE_VICTIM}. */
  static final int ENTRY = 5;

  static final int SOURCE_REMOTE = 0;
  static final int SOURCE_ZERO = 1;
  static final int SOURCE_VICTIM = 2;

  /** By RPC, for nobody yet. */
  static final int SOURCE_PREFETCH = 3;

  private static final int LINE = 6;

  /** Argument: the address in the line that faulted; the memory node looks for its area. */
  static final int TOUCHED = 7;

  /** When the data began to come. */
  private static final int SINCE_PS = 8;

  /** {@link #YES} when a dirty line was there to go with the request. */
  private static final int CARRIES = 9;

  private static final int BEGIN = 0;
  private static final int ALLOCATED = 1;
  private static final int COMPARE = 2;
  private static final int REPLACED_FLUSH = 3;
  private static final int MISS = 4;
  private static final int ANSWERED = 5;
  private static final int CLEARED = 6;
  private static final int COPY = 7;
  private static final int COPIED = 8;
  private static final int INSTALL = 9;
  private static final int LOST_FLUSHED = 10;
  private static final int LOST = 11;
  private static final int FAILED = 12;

  private final AllocPath alloc;
  private final FlushPath flush;
  private final PutPath put;
  private FaultKind lastKind = FaultKind.FAILED;
  private int lastLine = Lines.NONE;

  FillPath(Pcache pcache, KernelContext context, AllocPath alloc, FlushPath flush, PutPath put) {
    super("pcache fill", pcache, context);
    this.alloc = alloc;
    this.flush = flush;
    this.put = put;
  }

  FaultKind lastKind() {
    return lastKind;
  }

  int lastLine() {
    return lastLine;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> allocate(frame);
      case ALLOCATED -> allocated(frame);
      case COMPARE -> compare(frame);
      case REPLACED_FLUSH -> replacedFlush(frame);
      case MISS -> miss(frame);
      case ANSWERED -> answered(frame);
      case CLEARED -> cleared(frame);
      case COPY -> copy(frame);
      case COPIED -> copied(frame);
      case INSTALL -> install(frame);
      case LOST_FLUSHED -> lostFlushed(frame);
      case LOST -> lost(frame);
      default -> failed(frame);
    };
  }

  private int allocate(Frame frame) {
    frame.step = ALLOCATED;
    Frame call = push(alloc);
    call.slot[AllocPath.ADDRESS] = frame.slot[ADDRESS];
    boolean sends = frame.slot[SOURCE] == SOURCE_REMOTE || isPrefetch(frame);
    call.slot[AllocPath.PIGGYBACK] = sends && pcache.params.piggyback() ? YES : NO;
    call.slot[AllocPath.IMPATIENT] = isPrefetch(frame) ? YES : NO;
    return CALL;
  }

  private int allocated(Frame frame) {
    int line = (int) result();
    frame.slot[LINE] = line;
    if (line == Lines.NONE) {
      endVictimFill(frame);
      return done(FaultPath.OUT_OF_MEMORY);
    }
    return lock(frame, COMPARE, table(frame), TimeCategory.ALLOCATE);
  }

  private int compare(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    int line = (int) frame.slot[LINE];
    boolean carries = pcache.lines.has(line, Lines.PIGGYBACK);
    if (table(frame).get(frame.slot[ADDRESS]) != frame.slot[ORIGINAL]
        || (isPrefetch(frame) && mayNotPrefetch(frame))) {
      if (!carries) {
        return callPut(frame, LOST);
      }
      counters.clflushPiggybackFallback++;
      return callFlush(frame, LOST_FLUSHED);
    }
    frame.slot[SINCE_PS] = context.nowPs();
    return switch ((int) frame.slot[SOURCE]) {
      case SOURCE_ZERO ->
        pay(frame, CLEARED, charges.clear.chargeBytes(pcache.geometry.lineBytes()));
      case SOURCE_VICTIM -> awaitVictim(frame);
      default -> chooseMessage(frame, carries);
    };
  }

  private static boolean isPrefetch(Frame frame) {
    return frame.slot[SOURCE] == SOURCE_PREFETCH;
  }

  /** Asked with the page-table lock held, under which evictions publish and unmap. */
  private boolean mayNotPrefetch(Frame frame) {
    AddressSpace space = space(frame);
    return space.isReleased() || pcache.isInFlight(space.tgid(), frame.slot[ADDRESS]);
  }

  /**
   * The sectors that the line gets: of a remote miss the one that was touched; of the victim cache what
   * the line had; zeroes and prefetches, which no address chooses from, fill it.
   */
  private long fetched(Frame frame) {
    return switch ((int) frame.slot[SOURCE]) {
      case SOURCE_REMOTE -> pcache.sectors.of(frame.slot[TOUCHED]);
      case SOURCE_VICTIM -> pcache.victims.presentSectors((int) frame.slot[ENTRY]);
      default -> pcache.sectors.all();
    };
  }

  private int awaitVictim(Frame frame) {
    frame.step = COPY;
    if (pcache.victims.has((int) frame.slot[ENTRY], VictimCache.HAS_DATA)) {
      return NEXT;
    }
    pcache.victims.awaitData((int) frame.slot[ENTRY], context);
    return WAIT;
  }

  private int chooseMessage(Frame frame, boolean carries) {
    int node = space(frame).nodeOf(frame.slot[ADDRESS]);
    frame.slot[CARRIES] = carries ? YES : NO;
    if (carries && pcache.slots.node(context.cpuIndex()) != node) {
      counters.fillFromMemoryPiggybackFallback++;
      counters.clflushPiggybackFallback++;
      return callFlush(frame, REPLACED_FLUSH);
    }
    return go(frame, MISS);
  }

  /** The dirty line belongs to another memory node and went there on its own. */
  private int replacedFlush(Frame frame) {
    int line = (int) frame.slot[LINE];
    pcache.lines.remove(line, Lines.PIGGYBACK);
    pcache.evictions.removeLine(line, context);
    return pay(frame, MISS, charges.evictionRemove.charge());
  }

  private int miss(Frame frame) {
    AddressSpace space = space(frame);
    long address = frame.slot[ADDRESS];
    if (!pcache.defects.missesOvertakeFlushes()
        && pcache.victims.isInFlight(
            space.tgid(), address, address + pcache.geometry.lineBytes())) {
      // Its data is still queued for the memory node, which would answer with what was before.
      pcache.victims.awaitRoom(context, charges.victimPoll.ps());
      return WAIT;
    }
    context.stamp(TimeCategory.ALLOCATE);
    Request request = context.request().prepare(Opcode.PCACHE_MISS, space.nodeOf(address));
    request.tgid = space.tgid();
    request.address = frame.slot[TOUCHED];
    request.length = pcache.geometry.lineBytes();
    request.sectors = fetched(frame);
    request.sectorShift = pcache.sectors.shift();
    request.replyBytes = (int) pcache.sectors.bytes(request.sectors);
    request.argument[0] = frame.slot[FLAGS];
    request.bufferContent = pcache.contents.of((int) frame.slot[LINE]);
    if (pcache.lines.has((int) frame.slot[LINE], Lines.PIGGYBACK)) {
      int cpu = context.cpuIndex();
      request.carriesFlush = true;
      request.flushTgid = pcache.slots.tgid(cpu);
      request.flushAddress = pcache.slots.address(cpu);
      request.flushSectors = pcache.slots.sectors(cpu);
      request.flushContent = pcache.contents.of((int) frame.slot[LINE]);
      request.requestBytes += pcache.flushBytes(request.flushSectors);
    }
    frame.step = ANSWERED;
    frame.slot[SINCE_PS] = context.nowPs();
    push(context.sendReply());
    return CALL;
  }

  private int answered(Frame frame) {
    context.stampRequest();
    counters.fillFromMemory++;
    int line = (int) frame.slot[LINE];
    leaveNet(frame, line);
    long costPs = charges.pteLock.charge();
    boolean carried = pcache.lines.has(line, Lines.PIGGYBACK);
    if (carried) {
      counters.fillFromMemoryPiggyback++;
      counters.piggybacked++;
      pcache.lines.remove(line, Lines.PIGGYBACK);
      pcache.evictions.removeLine(line, context);
      costPs += charges.evictionRemove.charge();
    }
    if (context.request().status != 0 || (isPrefetch(frame) && space(frame).isReleased())) {
      return callPut(frame, FAILED);
    }
    counters.missRemote += isPrefetch(frame) ? 0 : 1;
    pcache.contents.set(line, context.request().content);
    pcache.sets.count(pcache.geometry.setOfLine(line), Sets.STAT_FILL_MEMORY);
    lastKind = carried ? FaultKind.PIGGYBACK : FaultKind.REMOTE;
    return payInstall(frame, costPs);
  }

  /** LEGOOS-BUG: the point of combined messages is recorded also when the line went on its own. */
  private void leaveNet(Frame frame, int line) {
    if (frame.slot[CARRIES] == YES) {
      profile.fillPiggyback.leave(context, frame.slot[SINCE_PS]);
    }
    if (!pcache.lines.has(line, Lines.PIGGYBACK)) {
      profile.fillRemote.leave(context, frame.slot[SINCE_PS]);
    }
  }

  private int cleared(Frame frame) {
    context.stamp(TimeCategory.COPY);
    profile.fillZero.leave(context, frame.slot[SINCE_PS]);
    counters.fillZerofill++;
    pcache.contents.set((int) frame.slot[LINE], PageContent.ZEROES);
    counters.missZero++;
    lastKind = FaultKind.ZERO;
    return payInstall(frame, charges.pteLock.charge());
  }

  private int copy(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, COPIED, charges.copy.chargeBytes(pcache.sectors.bytes(fetched(frame))));
  }

  private int copied(Frame frame) {
    context.stamp(TimeCategory.COPY);
    counters.fillFromVictim++;
    pcache.contents.fillFromVictim((int) frame.slot[LINE], (int) frame.slot[ENTRY]);
    counters.missVictim++;
    int set = pcache.geometry.setOfLine((int) frame.slot[LINE]);
    pcache.sets.count(set, Sets.STAT_FILL_VICTIM);
    lastKind = FaultKind.VICTIM;
    return payInstall(frame, charges.pteLock.charge() + charges.victimRelease.charge());
  }

  private int payInstall(Frame frame, long costPs) {
    // The line's records miss the CPU's caches before its page is mapped: charged after that, they
    // would leave everybody else time to evict the page before its fault has returned.
    long recordsPs = context.touchRecords(frame.slot[ADDRESS], frame.slot[LINE]);
    return pay(
        frame, INSTALL, costPs + recordsPs + charges.pteUpdate.charge() + charges.rmapAdd.charge());
  }

  private int install(Frame frame) {
    int line = (int) frame.slot[LINE];
    long address = frame.slot[ADDRESS];
    AddressSpace space = space(frame);
    PageTable table = space.existingTable(address);
    table.set(address, Pte.of(line, isPrefetch(frame) ? Pte.FETCHED_AHEAD : Pte.FILLED));
    pcache.sectors.set(line, fetched(frame), 0);
    pcache.rmaps.add(line, space.index(), address);
    pcache.changed(line, context);
    unlock(table);
    endVictimFill(frame);
    pcache.logLine(context, fillEvent(), space.tgid(), address, line);
    lastLine = line;
    context.stamp(TimeCategory.ALLOCATE);
    return done(FaultPath.HANDLED);
  }

  private char fillEvent() {
    return switch (lastKind) {
      case PIGGYBACK -> EventLog.FILL_PIGGYBACK;
      case ZERO -> EventLog.FILL_ZERO;
      case VICTIM -> EventLog.FILL_VICTIM;
      default -> EventLog.FILL_MISS;
    };
  }

  private int lostFlushed(Frame frame) {
    int line = (int) frame.slot[LINE];
    pcache.lines.remove(line, Lines.PIGGYBACK);
    pcache.evictions.removeLine(line, context);
    return callPut(frame, LOST);
  }

  private int lost(Frame frame) {
    unlock(table(frame));
    endVictimFill(frame);
    counters.missLostRace += isPrefetch(frame) ? 0 : 1;
    lastKind = FaultKind.LOST_RACE;
    lastLine = Lines.NONE;
    context.stamp(TimeCategory.ALLOCATE);
    return done(FaultPath.HANDLED);
  }

  private int failed(Frame frame) {
    unlock(table(frame));
    return done(FaultPath.SIGSEGV);
  }

  private int callPut(Frame frame, int step) {
    frame.step = step;
    push(put).slot[PutPath.LINE] = frame.slot[LINE];
    return CALL;
  }

  private int callFlush(Frame frame, int step) {
    frame.step = step;
    int cpu = context.cpuIndex();
    Frame call = push(flush);
    call.slot[FlushPath.TGID] = pcache.slots.tgid(cpu);
    call.slot[FlushPath.ADDRESS] = pcache.slots.address(cpu);
    call.slot[FlushPath.NODE] = pcache.slots.node(cpu);
    call.slot[FlushPath.LINE] = frame.slot[LINE];
    call.slot[FlushPath.SECTORS] = pcache.slots.sectors(cpu);
    return CALL;
  }

  private void endVictimFill(Frame frame) {
    if (frame.slot[SOURCE] == SOURCE_VICTIM) {
      pcache.victims.endFill((int) frame.slot[ENTRY], context);
    }
  }

  private AddressSpace space(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]);
  }

  private PageTable table(Frame frame) {
    return space(frame).existingTable(frame.slot[ADDRESS]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case ALLOCATED -> "allocating";
      case COMPARE -> "page-table lock";
      case ANSWERED -> "remote miss";
      case COPY -> "waiting for the victim's data";
      default -> super.stepName(step);
    };
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details
        .name(
            frame.slot[SOURCE] == SOURCE_ZERO
                ? "fill with zeros"
                : frame.slot[SOURCE] == SOURCE_VICTIM
                    ? "fill from the victim cache"
                    : "fill from the memory node")
        .address("line", frame.slot[ADDRESS]);
  }

  @Override
  public void showEnd(Frame frame, SliceDetails details) {
    details.text("kind", lastKind.word());
  }
}
