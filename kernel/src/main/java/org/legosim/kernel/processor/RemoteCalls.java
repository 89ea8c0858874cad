package org.legosim.kernel.processor;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/** What a call whose return is replayed asks other nodes: its memory node, and the storage behind it. */
final class RemoteCalls {
  private final Cpu cpu;
  private final ProcessorNode node;
  private final AddressCalls addressCalls;
  private final StorageCalls storage;

  RemoteCalls(Cpu cpu, ProcessorNode node, AddressCalls addressCalls) {
    this.cpu = cpu;
    this.node = node;
    this.addressCalls = addressCalls;
    this.storage = new StorageCalls(cpu, node);
  }

  /** Prepares the request of a returning call that other nodes answer; false when none does. */
  boolean prepare(Task task) {
    task.isRemoteCall = prepareRequest(task);
    return task.isRemoteCall;
  }

  /** True when the call's answer came in part: {@link #prepare} has the next message. */
  boolean next() {
    return storage.next();
  }

  private boolean prepareRequest(Task task) {
    long result = task.batch.eventResult;
    if (node.isRemote() && addressCalls.prepare(task)) {
      return true;
    }
    if (node.storage().isPresent()) {
      return storage.prepare(task);
    }
    if (!node.isRemote()) {
      return false;
    }
    if (SyscallNumbers.asksStorage(task.call) && !NodeFiles.opensLocally(task)) {
      node.approximate("files: no storage node is modelled, the memory node answers for it");
      boolean opens = SyscallNumbers.opensFile(task.call);
      cpu.request().prepare(opens ? Opcode.OPEN : Opcode.STAT, task.process.homeNode()).tgid =
          task.process.tgid();
      return true;
    }
    if (result > 0 && NodeFiles.isRemoteTransfer(task)) {
      node.approximate("files: no storage node is modelled, the memory node answers for it");
      prepareTransfer(task, result);
      return true;
    }
    return false;
  }

  private void prepareTransfer(Task task, long bytes) {
    boolean reads = FileCalls.reads(task.call);
    Request request =
        cpu.request().prepare(reads ? Opcode.READ : Opcode.WRITE, task.process.homeNode());
    request.tgid = task.process.tgid();
    request.length = bytes;
    int transferred = (int) Math.min(bytes, FileCalls.TRANSFER_BYTES_MAX);
    node.taskMemory().transfers(task, transferred);
    if (reads) {
      request.replyBytes += transferred;
    } else {
      request.requestBytes += transferred;
      request.isMarshalled = true;
    }
  }
}
