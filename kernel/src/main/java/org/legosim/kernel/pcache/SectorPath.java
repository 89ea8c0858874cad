package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * A fault on a sector that a present line does not have: fetches it into the line under the page-table
 * lock, as a fill does, and marks it. Nothing is allocated, evicted or mapped.
 *
 * <p>Result as {@link FaultPath}'s.
 */
@HotPath
final class SectorPath extends PcachePath {
  /** Argument: the address that faulted. */
  static final int TOUCHED = 0;

  /** Argument: flags of {@link FaultPath}. */
  static final int FLAGS = 1;

  /** Argument: index of the address space. */
  static final int SPACE = 2;

  private static final int LINE = 3;

  private static final int BEGIN = 0;
  private static final int COMPARE = 1;
  private static final int ANSWERED = 2;
  private static final int INSTALL = 3;

  private FaultKind lastKind = FaultKind.FAILED;
  private int lastLine = Lines.NONE;

  SectorPath(Pcache pcache, KernelContext context) {
    super("sector fetch", pcache, context);
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
      case BEGIN -> lock(frame, COMPARE, table(frame), TimeCategory.ALLOCATE);
      case COMPARE -> compare(frame);
      case ANSWERED -> answered(frame);
      default -> install(frame);
    };
  }

  private int compare(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    long touched = frame.slot[TOUCHED];
    long entry = table(frame).get(pcache.geometry.pageOf(touched));
    if (!Pte.isPresent(entry) || pcache.sectors.isPresent(Pte.line(entry), touched)) {
      counters.missLostRace++;
      return end(frame, FaultPath.HANDLED, FaultKind.LOST_RACE, Lines.NONE);
    }
    frame.slot[LINE] = Pte.line(entry);
    AddressSpace space = pcache.space((int) frame.slot[SPACE]);
    Request request = context.request().prepare(Opcode.PCACHE_MISS, space.nodeOf(touched));
    request.tgid = space.tgid();
    request.address = touched;
    request.length = pcache.geometry.lineBytes();
    request.sectors = pcache.sectors.of(touched);
    request.sectorShift = pcache.sectors.shift();
    request.replyBytes = (int) pcache.sectors.bytes(request.sectors);
    request.argument[0] = frame.slot[FLAGS];
    frame.step = ANSWERED;
    push(context.sendReply());
    return CALL;
  }

  private int answered(Frame frame) {
    context.stampRequest();
    counters.fillFromMemory++;
    if (context.request().status != 0) {
      return end(frame, FaultPath.SIGSEGV, FaultKind.FAILED, Lines.NONE);
    }
    return pay(frame, INSTALL, charges.pteLock.charge() + charges.pteUpdate.charge());
  }

  private int install(Frame frame) {
    int line = (int) frame.slot[LINE];
    long touched = frame.slot[TOUCHED];
    pcache.sectors.addPresent(line, touched);
    counters.missRemote++;
    counters.sectorMisses++;
    int tgid = pcache.space((int) frame.slot[SPACE]).tgid();
    pcache.logLine(context, EventLog.FILL_MISS, tgid, pcache.geometry.pageOf(touched), line);
    return end(frame, FaultPath.HANDLED, FaultKind.SECTOR, line);
  }

  private int end(Frame frame, long outcome, FaultKind kind, int line) {
    unlock(table(frame));
    lastKind = kind;
    lastLine = line;
    context.stamp(TimeCategory.ALLOCATE);
    return done(outcome);
  }

  private PageTable table(Frame frame) {
    return pcache.space((int) frame.slot[SPACE]).existingTable(frame.slot[TOUCHED]);
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case COMPARE -> "page-table lock";
      case ANSWERED -> "remote miss";
      default -> super.stepName(step);
    };
  }
}
