package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/** What surrounds the pcache of a {@link PcacheHarness}: a memory node and TLBs of fixed times. */
final class HarnessMachine {
  private HarnessMachine() {}

  static final class FixedRpc extends KernelPath {
    private final PcacheHarness harness;
    private final KernelContext context;

    FixedRpc(PcacheHarness harness, KernelContext context) {
      super("rpc");
      this.harness = harness;
      this.context = context;
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == 0) {
        Request request = context.request();
        harness.memory.accept(request);
        if (harness.sent.size() < 10_000) {
          harness.sent.add(word(request));
        }
        frame.step = 1;
        return context.advance(PcacheHarness.RPC_PS) ? DONE : WAIT;
      }
      return DONE;
    }

    private static String word(Request request) {
      long number = (request.address - PcacheHarness.page(0)) / PcacheHarness.PAGE;
      return (request.opcode == Opcode.PCACHE_MISS ? "miss" : "flush")
          + " "
          + request.tgid
          + ":"
          + number
          + " "
          + request.requestBytes
          + (request.carriesFlush
              ? " +" + request.flushTgid + ":"
                  + (request.flushAddress - PcacheHarness.page(0)) / PcacheHarness.PAGE
              : "");
    }
  }

  static final class FixedShootdown extends KernelPath {
    private final PcacheHarness harness;
    private final KernelContext context;

    FixedShootdown(PcacheHarness harness, KernelContext context) {
      super("shootdown");
      this.harness = harness;
      this.context = context;
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == 0) {
        harness.shootdowns++;
        frame.step = 1;
        return context.advance(PcacheHarness.SHOOTDOWN_PS) ? DONE : WAIT;
      }
      return DONE;
    }
  }
}
