package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;

/**
 * One run of the victim cache's flush thread: takes queued entries in order and sends each of their
 * pages to its memory node, one RPC at a time, until the queue is empty. The thread polls in between;
 * {@link VictimFlushDaemon} starts the next run at the poll that finds work.
 */
@HotPath
final class VictimFlushPath extends PcachePath {
  private static final int ENTRY = 0;
  private static final int HIT = 1;

  private static final int BEGIN = 0;
  private static final int NEXT_JOB = 1;
  private static final int FLUSH = 2;
  private static final int FINISHED = 3;

  private final FlushPath flush;

  VictimFlushPath(Pcache pcache, KernelContext context, FlushPath flush) {
    super("victim flush thread", pcache, context);
    this.flush = flush;
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case NEXT_JOB -> nextJob(frame);
      case FLUSH -> flush(frame);
      default -> finished(frame);
    };
  }

  private int begin(Frame frame) {
    counters.victimFlushAsyncRun++;
    return go(frame, NEXT_JOB);
  }

  private int nextJob(Frame frame) {
    if (!pcache.victims.hasFlushQueued()) {
      return done(0);
    }
    frame.slot[ENTRY] = pcache.victims.beginFlush();
    frame.slot[HIT] = 0;
    return go(frame, FLUSH);
  }

  private int flush(Frame frame) {
    int entry = (int) frame.slot[ENTRY];
    int hit = (int) frame.slot[HIT];
    if (hit >= pcache.victims.hitCount(entry)) {
      return pay(frame, FINISHED, charges.victimRelease.charge());
    }
    frame.slot[HIT] = hit + 1L;
    frame.step = FLUSH;
    Frame call = push(flush);
    call.slot[FlushPath.TGID] = pcache.victims.hitTgid(entry, hit);
    call.slot[FlushPath.ADDRESS] = pcache.victims.hitAddress(entry, hit);
    call.slot[FlushPath.NODE] = pcache.victims.hitNode(entry, hit);
    call.slot[FlushPath.LINE] = Lines.NONE;
    call.slot[FlushPath.SECTORS] = pcache.victims.flushedSectors(entry);
    call.slot[FlushPath.ENTRY] = entry;
    return CALL;
  }

  private int finished(Frame frame) {
    pcache.victims.endFlush((int) frame.slot[ENTRY], context);
    return go(frame, NEXT_JOB);
  }
}
