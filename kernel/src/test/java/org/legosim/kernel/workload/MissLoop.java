package org.legosim.kernel.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.fit.FitNetwork;
import org.legosim.kernel.fit.FitNode;
import org.legosim.kernel.fit.FitParams;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.memory.MemoryNode;
import org.legosim.kernel.memory.MemoryNodeParams;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.Mapping;

/** Threads that touch fresh pages; the processor node's part of each miss is a fixed time. */
final class MissLoop {
  private static final long HEAP = 0x10_0000_0000L;
  private static final long REGION_BYTES = 1L << 30;

  private MissLoop() {}

  /** Thousands of misses per second, all threads together. */
  static double run(Map<String, String> settings, int threads, long misses, long thinkPs) {
    Simulation simulation = new Simulation(1);
    Network fabric = new Network(Defaults.of(NetworkParams.class, settings), 2, 24, simulation);
    FitNetwork fit = new FitNetwork(simulation, Defaults.of(FitParams.class, settings), fabric);
    FitNode processor = fit.addNode("P0");
    FitNode memory = fit.addNode("M0");
    MemoryNode node =
        new MemoryNode(simulation, Defaults.of(MemoryNodeParams.class, settings), memory);
    fit.connect();
    node.start();
    node.loadImage(
        0, 1, List.of(new Mapping(HEAP, HEAP + threads * REGION_BYTES, "rw-p", 0, "[heap]")));
    List<Toucher> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(new Toucher(simulation, processor, "thread " + i, HEAP + i * REGION_BYTES));
    }
    for (Toucher thread : all) {
      thread.start(misses, thinkPs);
    }
    simulation.run();
    simulation.verifyQuiescent();
    fit.verifyConservation();
    node.verifyQuiescent();
    long endPs = all.stream().mapToLong(thread -> thread.endPs).max().orElseThrow();
    return threads * misses / (endPs / 1e9);
  }

  private static final class Toucher extends ExecutionContext {
    private final Request request = new Request();
    private final SendReplyPath sendReply;
    private long address;
    private long left;
    private long thinkPs;
    private long endPs;

    Toucher(Simulation simulation, FitNode node, String name, long address) {
      super(simulation, name);
      this.sendReply = new SendReplyPath(node, this, request);
      this.address = address;
    }

    void start(long misses, long think) {
      left = misses;
      thinkPs = think;
      stack.call(new KernelPath("touch pages") {
        @Override
        public int resume(Frame frame) {
          simulation.progress();
          endPs = nowPs();
          frame.step = 1 - frame.step;
          if (frame.step == 0) {
            request.prepare(Opcode.PCACHE_MISS, 1);
            request.tgid = 1;
            request.address = address;
            address += 4096;
            stack.call(sendReply);
            return CALL;
          }
          if (left-- == 0) {
            return DONE;
          }
          return advance(thinkPs) ? CALL : WAIT;
        }
      });
      resumeAt(0);
    }

    @Override
    public void onEvent(long payload) {
      if (isCurrent(payload)) {
        stack.run();
      }
    }
  }
}
