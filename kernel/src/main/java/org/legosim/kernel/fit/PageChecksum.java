package org.legosim.kernel.fit;

import java.util.Arrays;
import java.util.List;
import org.legosim.kernel.fpu.KernelWarnings;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * A checksum over each page that travels, computed by the sender and again by the receiver: of pages
 * between the processor node's cache and a memory node, both ways, and of those that memory nodes move
 * to each other. A debugging aid, off by default.
 *
 * <p>A page's data is a number here, and so is its checksum; the time is that of the bytes.
 */
public final class PageChecksum {
  /** What a page's checksum adds to a message. */
  public static final int BYTES_PER_PAGE = 4;

  private static final long PRIME = 0x100000001b3L;
  private static final long BASIS = 0xcbf29ce484222325L;

  private final boolean isOn;
  private final Cost cost;
  private final boolean stopsTheRun;
  private final KernelWarnings warnings = new KernelWarnings();
  private long mismatches;

  /** @param stopsTheRun a page that arrives changed ends the run; otherwise the kernel warns */
  PageChecksum(boolean isOn, Cost cost, boolean stopsTheRun) {
    this.isOn = isOn;
    this.cost = cost;
    this.stopsTheRun = stopsTheRun;
  }

  /** Bytes that the request is longer by. */
  @HotPath
  int requestBytes(Request request) {
    return isOn ? BYTES_PER_PAGE * PageTransit.pagesSent(request) : 0;
  }

  /** Bytes that the reply is longer by. */
  @HotPath
  int replyBytes(Request request) {
    return isOn ? BYTES_PER_PAGE * PageTransit.pagesReplied(request) : 0;
  }

  /** Time to compute those of a request, at either end; 0 for none. */
  @HotPath
  public long requestPs(Request request) {
    return isOn ? cost.charge(PageTransit.pagesSent(request)) : 0;
  }

  /** Time to compute those of a reply, at either end; 0 for none. */
  @HotPath
  long replyPs(Request request) {
    return isOn ? cost.charge(PageTransit.pagesReplied(request)) : 0;
  }

  /** The sender puts the checksum into the request. */
  void sign(Request request) {
    if (isOn) {
      request.checksum = ofRequest(request);
    }
  }

  /** The sender puts the checksum into the reply. */
  void signReply(Request request) {
    if (isOn) {
      request.replyChecksum = ofReply(request);
    }
  }

  private static long ofRequest(Request request) {
    return mixed(request.flushContent * PRIME ^ Arrays.hashCode(request.pages));
  }

  private static long ofReply(Request request) {
    return mixed(request.content * PRIME ^ Arrays.hashCode(request.pages));
  }

  private static long mixed(long data) {
    return (data ^ BASIS) * PRIME;
  }

  /** The receiver of a request compares. */
  public void verify(Request request, ExecutionContext receiver) {
    if (isOn && PageTransit.pagesSent(request) > 0 && request.checksum != ofRequest(request)) {
      long address = request.carriesFlush ? request.flushAddress : request.address;
      int tgid = request.carriesFlush ? request.flushTgid : request.tgid;
      differs(request, address, tgid, "request from node " + request.sourceNode, receiver);
    }
  }

  /** The caller compares. */
  void verifyReply(Request request, ExecutionContext receiver) {
    if (isOn
        && PageTransit.pagesReplied(request) > 0
        && request.replyChecksum != ofReply(request)) {
      differs(
          request,
          request.address,
          request.tgid,
          "reply from node " + request.targetNode,
          receiver);
    }
  }

  private void differs(
      Request request, long address, int tgid, String message, ExecutionContext receiver) {
    mismatches++;
    String text = "page checksum: the page of 0x"
        + Long.toHexString(address)
        + " of process "
        + tgid
        + " arrives at "
        + receiver.name()
        + " with other data than it was sent with, in the "
        + message
        + " ("
        + request.opcode
        + ")";
    if (stopsTheRun) {
      throw new InvariantViolation(receiver.simulation().dump(text));
    }
    warnings.once("page checksum of " + receiver.name(), text);
  }

  /** Pages that arrived changed. */
  public long mismatches() {
    return mismatches;
  }

  /** The kernels' warnings, once for each receiver. */
  public List<String> warnings() {
    return warnings.texts();
  }
}
