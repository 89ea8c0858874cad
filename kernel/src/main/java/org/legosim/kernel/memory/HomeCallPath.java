package org.legosim.kernel.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * A call on an address space that several memory nodes may own, at its home node: part after part, each
 * done here or asked of its owner while this worker waits. The address space's semaphore is held
 * throughout, as in the real kernel. The reply tells the processor node whose node changed.
 *
 * <p>Two home nodes with one worker each that ask each other wait until the calls time out; the real
 * kernel would as well. The run then ends and says so.
 */
final class HomeCallPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int NEXT_PART = 1;
  private static final int DONE_HERE = 2;
  private static final int ANSWERED = 3;

  private final MemoryNode node;
  private final ExecutionContext context;
  private final Operations operations;
  private final HomePlan plan;
  private final Request out = new Request();
  private final SendReplyPath sendReply;
  private @Nullable AddressSpace space;
  private @Nullable Request request;
  private HomePlan.@Nullable Part part;

  HomeCallPath(MemoryNode node, ExecutionContext context, Operations operations) {
    super("call on an address space of several nodes");
    this.node = node;
    this.context = context;
    this.operations = operations;
    this.plan = new HomePlan(node);
    this.sendReply = new SendReplyPath(node.fit(), context, out);
  }

  void take(AddressSpace newSpace, Request newRequest) {
    space = newSpace;
    request = newRequest;
  }

  @Override
  public String stepName(int step) {
    return step == ANSWERED ? "wait for " + out.opcode + " at node " + out.targetNode : "work";
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new ModelException("a call on an address space of several nodes without its subject");
    }
    return value;
  }

  @Override
  public int resume(Frame frame) {
    AddressSpace ofCall = present(space);
    Regions regions = present(ofCall.regions);
    Request call = present(request);
    while (true) {
      switch (frame.step) {
        case BEGIN -> {
          operations.count(call.opcode);
          frame.step = NEXT_PART;
          plan.begin(ofCall, regions, call);
        }
        case NEXT_PART -> {
          HomePlan.Part next = plan.next();
          if (next == null) {
            finish(ofCall, regions, call);
            return DONE;
          }
          part = next;
          prepare(next, call);
          if (next.node() != node.number()) {
            frame.step = ANSWERED;
            context.stack().call(sendReply);
            return CALL;
          }
          frame.step = DONE_HERE;
          if (!context.advance(operations.parts().perform(ofCall, out))) {
            return WAIT;
          }
        }
        default -> {
          requireAnswer();
          follow(ofCall, regions, call, present(part));
          frame.step = NEXT_PART;
        }
      }
    }
  }

  private void prepare(HomePlan.Part next, Request call) {
    out.prepare(next.opcode(), next.node());
    out.isMarshalled = true;
    out.tgid = call.tgid;
    out.address = next.start();
    out.length = next.end() - next.start();
    out.argument[PartOperations.PROCESSOR_NODE] = call.sourceNode;
    Area area = next.area();
    if (next.opcode() == Opcode.M2MM_CONSULT) {
      node.counters().consultations++;
    } else if (next.opcode() == Opcode.M2M_FORK) {
      out.argument[Operations.PARENT] = call.argument[Operations.PARENT];
    } else if (area != null) {
      PartOperations.putArea(out, area, next.populates());
    }
    if (next.opcode() == Opcode.M2M_MREMAP_MOVE) {
      PartOperations.putMove(out, next.target());
    }
    List<Long> pages = next.pages();
    if (pages != null) {
      PartOperations.putArrival(out, pages.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private void requireAnswer() {
    // With nodes that fail it is the call that fails.
    if (out.status == FitNode.ETIMEDOUT && !node.fit().outages().mayCut()) {
      throw new InvariantViolation(context
          .simulation()
          .dump(context.name() + " got no answer to " + out.opcode + " from node "
              + out.targetNode
              + " within the kernel's limit: workers of memory nodes wait for each other. Raise"
              + " memory.workers, or set memory.placement to home"));
    }
  }

  private void follow(AddressSpace ofCall, Regions regions, Request call, HomePlan.Part done) {
    if (out.status != 0) {
      HandlerPath.fail(call, out.status);
      plan.abandon();
      return;
    }
    switch (done.opcode()) {
      case M2MM_CONSULT ->
        plan.placed(ofCall, regions, present(done.area()), (int) out.result, call);
      case M2M_FORK -> plan.forked(out.areas);
      case M2M_MREMAP_MOVE_SPLIT -> {
        if (done.pages() == null) {
          plan.left(regions, done, out);
        }
      }
      default -> {
        // nothing follows
      }
    }
  }

  private void finish(AddressSpace ofCall, Regions regions, Request call) {
    if (call.opcode == Opcode.FORK && call.status == 0) {
      AddressSpace child = present(node.find(call.sourceNode, call.tgid));
      child.regions = regions.copy();
      call.areas = plan.mergedAreas();
      call.replyBytes = call.opcode.replyBytes()
          + Operations.FORK_AREA_BYTES * (call.areas.length / Request.AREA_LONGS);
    } else if (call.opcode != Opcode.FORK) {
      plan.releaseEmpty(ofCall, regions);
      call.regions = regions.takeChanges();
      call.replyBytes += Request.REGION_BYTES * (call.regions.length / Request.REGION_LONGS);
    }
    space = null;
    request = null;
    part = null;
  }
}
