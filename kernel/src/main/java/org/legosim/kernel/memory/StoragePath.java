package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.Rpc;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * What a request has a memory node ask its storage node, one after the other while this worker waits:
 * parts of files to read or write, files to open.
 */
final class StoragePath extends KernelPath {
  private static final int ANSWERED = 1;

  private static final long EIO = -5;

  /**
   * One question.
   *
   * @param flags as {@link Request#FILE_FLAGS}
   */
  private record Call(
      Opcode opcode, String file, String otherFile, long offset, long bytes, long flags) {}

  private final MemoryNode node;
  private final ExecutionContext context;
  private final Request out = new Request();
  private final SendReplyPath sendReply;
  private final List<Call> calls = new ArrayList<>();
  private int next;
  private @Nullable Rpc rpc;

  StoragePath(MemoryNode node, ExecutionContext context) {
    super("ask the storage node");
    this.node = node;
    this.context = context;
    this.sendReply = new SendReplyPath(node.fit(), context, out);
  }

  /** Begins a new list of questions for the request of {@code ofRequest}. */
  void begin(Rpc ofRequest) {
    rpc = ofRequest;
    calls.clear();
    next = 0;
  }

  void add(Opcode opcode, String file, long offset, long bytes, long flags) {
    calls.add(new Call(opcode, file, "", offset, bytes, flags));
  }

  void addRename(String from, String to) {
    calls.add(new Call(Opcode.RENAME, from, to, 0, 0, 0));
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  private Rpc rpc() {
    Rpc present = rpc;
    if (present == null) {
      throw new ModelException(context.name() + " asks the storage node for nobody");
    }
    return present;
  }

  @Override
  public String stepName(int step) {
    return step == ANSWERED ? "wait for " + out.opcode + " of node " + out.targetNode : "ask";
  }

  @Override
  public int resume(Frame frame) {
    if (frame.step == ANSWERED) {
      rpc().stampForwarded(out, context.nowPs());
      if (out.status == FitNode.ETIMEDOUT) {
        HandlerPath.fail(rpc().request(), EIO);
        next = calls.size();
      }
    }
    if (next == calls.size()) {
      rpc = null;
      return DONE;
    }
    frame.step = ANSWERED;
    rpc().stampMemoryService(context.nowPs());
    prepare(calls.get(next++));
    context.stack().call(sendReply);
    return CALL;
  }

  private void prepare(Call call) {
    out.prepare(call.opcode(), node.storage().number());
    out.text = call.file();
    out.otherText = call.otherFile();
    out.length = call.bytes();
    out.tgid = rpc().request().tgid;
    out.argument[Request.FILE_OFFSET] = call.offset();
    out.argument[Request.FILE_FLAGS] = call.flags();
    switch (call.opcode()) {
      case M2S_READ -> {
        node.counters().storageReads++;
        out.replyBytes += Math.toIntExact(call.bytes());
      }
      case M2S_WRITE -> {
        node.counters().storageWrites++;
        out.requestBytes += Math.toIntExact(call.bytes());
        out.isMarshalled = true;
      }
      default -> out.isMarshalled = true;
    }
  }
}
