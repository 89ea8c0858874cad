package org.legosim.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.fit.PageChecksum;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.timeline.SliceDetails;
import org.legosim.timing.timeline.Timeline;

/**
 * A worker's handling of one request: look the process up, take its semaphore (read for a page, write
 * for a change of areas), do the work, give the semaphore back. A flush that came with a miss follows
 * as a second round, for its own process.
 */
final class HandlerPath extends KernelPath {
  private static final long ESRCH = -3;
  private static final long EFAULT = -14;

  private static final int DECODE = 0;
  private static final int LOOK_UP = 1;
  private static final int ENTER = 2;
  private static final int WORK = 3;
  private static final int LEAVE = 4;
  private static final int NEXT = 5;
  private static final int PARTS = 6;
  private static final int PARTS_PAID = 7;
  private static final int FORWARD = 8;
  private static final int FORWARDED = 9;
  private static final int FETCHED = 10;
  private static final int REPLICATE = 11;

  private final MemoryNode node;
  private final ExecutionContext context;
  private final Operations operations;
  private final HomeCallPath homeCall;
  private final FileRequests files;
  private final boolean waitsForStorage;
  private @Nullable Rpc rpc;
  private @Nullable AddressSpace space;
  private boolean isWriter;
  /** The second round of a combined message. */
  private boolean isFlush;

  /** The request goes to the thread that waits for the storage node. */
  private boolean isHandedOver;

  private long startPs;

  /** @param waitsForStorage this context may wait for the storage node; others hand such requests over */
  HandlerPath(MemoryNode node, ExecutionContext context, boolean waitsForStorage) {
    super("handler");
    this.waitsForStorage = waitsForStorage;
    this.node = node;
    this.context = context;
    this.operations = new Operations(node, context);
    this.homeCall = new HomeCallPath(node, context, operations);
    this.files = new FileRequests(node, context);
  }

  @HotPath
  void take(Rpc newRpc) {
    rpc = newRpc;
    isFlush = false;
    isHandedOver = false;
    startPs = context.nowPs();
  }

  /** True when the request was not answered: another thread has to. */
  boolean hasHandedOver() {
    return isHandedOver;
  }

  private Rpc rpc() {
    Rpc present = rpc;
    if (present == null) {
      throw new ModelException(context.name() + " handles no request");
    }
    return present;
  }

  private AddressSpace space() {
    AddressSpace present = space;
    if (present == null) {
      throw new ModelException(context.name() + " holds no address space");
    }
    return present;
  }

  @Override
  public String stepName(int step) {
    return switch (step) {
      case DECODE -> "decode";
      case LOOK_UP -> "look the process up";
      case ENTER -> "wait for mmap_sem";
      default -> rpc == null ? "work" : "work on " + rpc.request().opcode;
    };
  }

  @Override
  @HotPath
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Request request = rpc().request();
    while (true) {
      switch (frame.step) {
        case DECODE:
          frame.step = switch (request.opcode) {
            case TEST -> NEXT;
            case PCACHE_REPLICA -> REPLICATE;
            default -> LOOK_UP;
          };
          if (!context.advance(decodePs(request))) {
            return WAIT;
          }
          break;
        case LOOK_UP:
          if (!lookUp(request)) {
            frame.step = NEXT;
            break;
          }
          if (!isFlush && (files.isForFiles(request) || files.asksStorage(request))) {
            frame.step = FORWARD;
            break;
          }
        // fall through
        case ENTER:
          frame.step = WORK;
          if (!space().semaphore.acquire(context, isWriter)) {
            return WAIT;
          }
        // fall through
        case WORK:
          if (!isFlush && files.misses(rpc(), space())) {
            frame.step = FETCHED;
            if (!waitsForStorage) {
              space().semaphore.release(context, isWriter);
              return handOver();
            }
            context.stack().call(files.path());
            return CALL;
          }
        // fall through
        case FETCHED:
          frame.step = LEAVE;
          if (!isFlush && request.status != 0) {
            break; // the storage node did not answer
          }
          if (!isFlush && operations.hasParts(space(), request.opcode)) {
            frame.step = PARTS;
            break;
          }
          if (!context.advance(node.semaphore.charge()
              + (isFlush
                  ? operations.flush(space(), request, request.flushAddress)
                  : operations.perform(space(), request)))) {
            return WAIT;
          }
        // fall through
        case LEAVE:
          space().semaphore.release(context, isWriter);
          frame.step = NEXT;
          break;
        case REPLICATE:
          frame.step = NEXT;
          if (!context.advance(files.appendReplica(request))) {
            return WAIT;
          }
          break;
        case FORWARD:
          if (!waitsForStorage && files.asksStorage(request)) {
            return handOver();
          }
          frame.step = FORWARDED;
          if (!files.plan(rpc())) {
            break;
          }
          context.stack().call(files.path());
          return CALL;
        case FORWARDED:
          if (!files.isForFiles(request)) {
            frame.step = ENTER;
            break;
          }
          files.answered(request);
          frame.step = NEXT;
          if (!context.advance(files.copiesPs(request))) {
            return WAIT;
          }
          break;
        case NEXT:
          leavePoint(request);
          if (isFlush || !request.carriesFlush) {
            rpc().stampMemoryService(context.nowPs());
            rpc = null;
            space = null;
            return DONE;
          }
          isFlush = true;
          startPs = context.nowPs();
          frame.step = LOOK_UP;
          if (!context.advance(lookUpPs())) {
            return WAIT;
          }
          break;
        case PARTS:
          frame.step = PARTS_PAID;
          if (!context.advance(node.semaphore.charge())) {
            return WAIT;
          }
        // fall through
        case PARTS_PAID:
          frame.step = LEAVE;
          homeCall.take(space(), request);
          context.stack().call(homeCall);
          return CALL;
        default:
          throw new IllegalStateException("step " + frame.step);
      }
    }
  }

  /** LEGOOS-BUG: F-28. The real worker waits itself, and so does everything in its queue. */
  private int handOver() {
    node.counters().handedOver++;
    rpc().stampMemoryService(context.nowPs());
    isHandedOver = true;
    rpc = null;
    space = null;
    return DONE;
  }

  private void leavePoint(Request request) {
    if (isFlush || request.opcode == Opcode.PCACHE_FLUSH) {
      node.profile.flush.leave(context, startPs);
    } else if (request.opcode == Opcode.PCACHE_MISS) {
      node.profile.miss.leave(context, startPs);
    }
  }

  private long decodePs(Request request) {
    long handlePs = node.handle.charge();
    if (request.opcode == Opcode.TEST) {
      return handlePs;
    }
    PageChecksum checksum = node.fit().checksum();
    checksum.verify(request, context);
    return handlePs + checksum.requestPs(request) + lookUpPs();
  }

  /** The look-up holds the table's lock for its whole length. */
  private long lookUpPs() {
    long holdPs = node.findTask.charge();
    return node.taskLock.submit(context.nowPs(), holdPs) - context.nowPs() + holdPs;
  }

  /** Finds the address space to work on; false when the request is answered without one. */
  private boolean lookUp(Request request) {
    if (isFlush) {
      isWriter = false;
      space = node.find(request.sourceNode, request.flushTgid);
      if (space == null) {
        node.counters().flushes++;
        node.counters().failedFlushes++;
      }
      return space != null;
    }
    isWriter = operations.changesAreas(request.opcode);
    int tgid = request.opcode == Opcode.FORK || request.opcode == Opcode.M2M_FORK
        ? (int) request.argument[Operations.PARENT]
        : request.tgid;
    space = node.find(processorNode(request), tgid);
    if (space == null && (request.opcode == Opcode.FORK || request.opcode == Opcode.EXECVE)) {
      // A parent that was never heard of: the child begins empty, as an exec'ed program does.
      space = node.createHome(request.sourceNode, tgid);
    }
    if (space == null && request.opcode.isBetweenMemoryNodes()) {
      // The first part of an address space at this node.
      space = node.create(processorNode(request), tgid);
    }
    if (space == null) {
      operations.count(request.opcode);
      fail(request, ESRCH);
    }
    return space != null;
  }

  @Override
  public void showBegin(Frame frame, SliceDetails details) {
    Request request = rpc().request();
    details
        .name(request.opcode.name())
        .number("from node", request.sourceNode)
        .number("pid", request.tgid)
        .address("address", request.address)
        .flow(rpc().wantsReply() ? Timeline.Flow.STEP : Timeline.Flow.END, rpc().arrow());
    if (request.carriesFlush) {
      details.address("flushed", request.flushAddress);
    }
  }

  /** The processor node of a request's process; a home node asks on behalf of it. */
  @HotPath
  static int processorNode(Request request) {
    return request.opcode.isBetweenMemoryNodes()
        ? (int) request.argument[PartOperations.PROCESSOR_NODE]
        : request.sourceNode;
  }

  static void fail(Request request, long status) {
    request.status = status;
    request.replyBytes = Request.ERROR_REPLY_BYTES;
  }

  static long efault() {
    return EFAULT;
  }
}
