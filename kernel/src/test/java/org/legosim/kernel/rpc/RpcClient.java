package org.legosim.kernel.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.SendPath;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/** A context that makes the calls it was given, one after the other; for tests. */
public final class RpcClient extends ExecutionContext {
  /** A call that has returned. */
  public record Outcome(
      Opcode opcode, long startPs, long endPs, long status, long replyBytes, long result) {
    public long latencyPs() {
      return endPs - startPs;
    }
  }

  private record Call(long notBeforePs, boolean isOneWay, Consumer<Request> preparation) {}

  public final List<Outcome> outcomes = new ArrayList<>();
  public final Request request = new Request();
  private final SendReplyPath sendReply;
  private final SendPath send;
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private final KernelPath loop = new Loop();

  public RpcClient(Simulation simulation, FitNode node, String name) {
    super(simulation, name);
    sendReply = new SendReplyPath(node, this, request);
    send = new SendPath(node, this, request);
  }

  /** Adds a call that begins when the one before is done, and not before {@code notBeforePs}. */
  public RpcClient at(long notBeforePs, Consumer<Request> preparation) {
    calls.add(new Call(notBeforePs, false, preparation));
    return this;
  }

  public RpcClient then(Consumer<Request> preparation) {
    return at(0, preparation);
  }

  public RpcClient thenOneWay(Consumer<Request> preparation) {
    calls.add(new Call(0, true, preparation));
    return this;
  }

  /** An echo of {@code requestBytes} to node 1 with {@code replyBytes} back. */
  public RpcClient echo(int requestBytes, int replyBytes) {
    return then(r -> {
      r.prepare(Opcode.TEST, 1);
      r.requestBytes = requestBytes;
      r.replyBytes = replyBytes;
    });
  }

  public RpcClient start() {
    stack().call(loop);
    resumeAt(0);
    return this;
  }

  public Outcome last() {
    return outcomes.get(outcomes.size() - 1);
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack().run();
    }
  }

  private final class Loop extends KernelPath {
    private static final int NEXT = 0;
    private static final int CALL_IT = 1;
    private static final int RETURNED = 2;

    private long startPs;

    Loop() {
      super("calls of a test");
    }

    @Override
    public int resume(Frame frame) {
      while (true) {
        switch (frame.step) {
          case NEXT -> {
            if (calls.isEmpty()) {
              return DONE;
            }
            frame.step = CALL_IT;
            if (calls.element().notBeforePs() > nowPs()) {
              resumeAt(calls.element().notBeforePs());
              return WAIT;
            }
          }
          case CALL_IT -> {
            Call call = calls.remove();
            call.preparation().accept(request);
            startPs = nowPs();
            frame.step = RETURNED;
            stack().call(call.isOneWay() ? send : sendReply);
            return CALL;
          }
          default -> {
            outcomes.add(new Outcome(
                request.opcode,
                startPs,
                nowPs(),
                request.status,
                request.replyBytes,
                request.result));
            frame.step = NEXT;
          }
        }
      }
    }
  }
}
