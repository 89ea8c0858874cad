package org.legosim.kernel.memory;

import java.util.ArrayDeque;
import org.legosim.kernel.fit.SendReplyPath;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;

/**
 * What a second memory node keeps of other nodes' lines: a log for each process. A full log is sent to
 * the storage node in one message by a thread of its own; until the answer comes the log takes nothing
 * more, and what arrives for it is dropped.
 *
 * <p>Source: LegoOS {@code managers/memory/replica}.
 */
final class ReplicaLogs extends ExecutionContext {
  /** Of a message in front of its entry, which is 32 bytes about the line, and the line. */
  private static final int MESSAGE_HEAD_BYTES = 16;

  /** Of the message to the storage node, FIT's part included. */
  private static final int OUT_HEAD_BYTES = 64;

  private static final class Log {
    final int processorNode;
    final int tgid;
    int entries;
    long bytes;
    boolean isFlushing;

    Log(int processorNode, int tgid) {
      this.processorNode = processorNode;
      this.tgid = tgid;
    }
  }

  private final MemoryNode node;
  private final int entriesMax;
  private final LongMap<Log> logs = new LongMap<>();
  private final ArrayDeque<Log> full = new ArrayDeque<>();
  private final Request out = new Request();
  private final SendReplyPath sendReply;
  private final KernelPath loop = new Loop();
  private boolean isIdle = true;

  ReplicaLogs(Simulation simulation, MemoryNode node, int entriesMax) {
    super(simulation, node.name() + ".klog_flushd");
    this.node = node;
    this.entriesMax = entriesMax;
    this.sendReply = new SendReplyPath(node.fit(), this, out);
  }

  /** Appends a line, or drops it; the time that takes the worker. */
  long append(Request request, ExecutionContext by) {
    long key = MemoryNode.key(request.sourceNode, request.tgid);
    Log log = logs.get(key);
    if (log == null) {
      log = new Log(request.sourceNode, request.tgid);
      logs.put(key, log);
    }
    MemoryCounters counters = node.counters();
    counters.replicas++;
    if (log.isFlushing) {
      counters.droppedReplicas++;
      return 0;
    }
    // a replica's message is this much longer than its entry
    long bytes = request.requestBytes - (long) MESSAGE_HEAD_BYTES;
    log.entries++;
    log.bytes += bytes;
    boolean isLong = log.bytes + bytes + OUT_HEAD_BYTES > node.fit().messageBytesMax();
    if (log.entries == entriesMax || isLong) {
      log.isFlushing = true;
      full.add(log);
      if (isIdle) {
        isIdle = false;
        stack.call(loop);
        wake(by.id(), by.nowPs() + node.handOff.charge());
      }
    }
    return node.copy.chargeBytes(bytes);
  }

  @Override
  public void onEvent(long payload) {
    if (isCurrent(payload)) {
      stack.run();
    }
  }

  private final class Loop extends KernelPath {
    private static final int ANSWERED = 1;

    Loop() {
      super("flush of replica logs");
    }

    @Override
    public String stepName(int step) {
      return step == ANSWERED ? "wait for the storage node" : "send";
    }

    @Override
    public int resume(Frame frame) {
      if (frame.step == ANSWERED) {
        Log done = full.remove();
        if (out.status != 0) {
          node.counters().droppedReplicas += done.entries;
        }
        done.isFlushing = false;
        done.entries = 0;
        done.bytes = 0;
        node.counters().batchedLogFlushes++;
      }
      if (full.isEmpty()) {
        isIdle = true;
        return DONE;
      }
      frame.step = ANSWERED;
      Log log = full.element();
      out.prepare(Opcode.M2S_REPLICA_FLUSH, node.storage().number());
      out.requestBytes += Math.toIntExact(log.bytes);
      out.length = log.bytes;
      out.tgid = log.tgid;
      out.text = "replica of process " + log.tgid + " of node " + log.processorNode;
      stack.call(sendReply);
      return CALL;
    }
  }
}
