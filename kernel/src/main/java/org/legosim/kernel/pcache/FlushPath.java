package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.timeline.SliceDetails;

/**
 * Sends one dirty page to its memory node and waits for the answer: copy into the CPU's message
 * buffer, then the RPC. It knows the page by thread-group id and address alone, as its process may be
 * gone. Result: 0, or the negative status that the memory node answered.
 */
@HotPath
final class FlushPath extends PcachePath {
  static final int TGID = 0;
  static final int ADDRESS = 1;
  static final int NODE = 2;

  /** Argument: the line whose data it is, or {@link Lines#NONE} for a victim cache entry. */
  static final int LINE = 3;

  /** Argument: the sectors that go. */
  static final int SECTORS = 4;

  /** Argument: the victim cache entry whose data it is, when there is no line. */
  static final int ENTRY = 5;

  private static final int SINCE_PS = 6;

  private static final int BEGIN = 0;
  private static final int SEND = 1;
  private static final int ANSWERED = 2;

  FlushPath(Pcache pcache, KernelContext context) {
    super("pcache flush", pcache, context);
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case SEND -> send(frame);
      default -> answered(frame);
    };
  }

  private int begin(Frame frame) {
    context.stamp(TimeCategory.EVICT);
    int line = (int) frame.slot[LINE];
    if (line != Lines.NONE) {
      pcache.lines.add(line, Lines.WRITEBACK);
    }
    long copyPs = charges.copy.chargeBytes(pcache.sectors.bytes(frame.slot[SECTORS]));
    return pay(frame, SEND, charges.flushPrepare.charge() + copyPs);
  }

  private int send(Frame frame) {
    context.stamp(TimeCategory.COPY);
    Request request = context.request().prepare(Opcode.PCACHE_FLUSH, (int) frame.slot[NODE]);
    request.requestBytes = pcache.flushBytes(frame.slot[SECTORS]);
    request.sectors = frame.slot[SECTORS];
    request.sectorShift = pcache.sectors.shift();
    request.tgid = (int) frame.slot[TGID];
    request.address = frame.slot[ADDRESS];
    request.length = pcache.geometry.lineBytes();
    int line = (int) frame.slot[LINE];
    request.flushContent = line == Lines.NONE
        ? pcache.contents.ofVictim((int) frame.slot[ENTRY])
        : pcache.contents.of(line);
    frame.step = ANSWERED;
    frame.slot[SINCE_PS] = context.nowPs();
    push(context.sendReply());
    return CALL;
  }

  private int answered(Frame frame) {
    context.stampRequest();
    profile.flush.leave(context, frame.slot[SINCE_PS]);
    int line = (int) frame.slot[LINE];
    if (line != Lines.NONE) {
      pcache.lines.remove(line, Lines.WRITEBACK);
    }
    long status = context.request().status;
    counters.clflush++;
    if (status != 0) {
      counters.clflushFail++;
    }
    int set = pcache.geometry.setOf(frame.slot[ADDRESS]);
    int way = line == Lines.NONE ? Lines.NONE : pcache.geometry.wayOfLine(line);
    pcache.log(context, EventLog.FLUSH, (int) frame.slot[TGID], frame.slot[ADDRESS], set, way);
    return done(status);
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    details.address("line", frame.slot[ADDRESS]).number("pid", frame.slot[TGID]);
  }
}
