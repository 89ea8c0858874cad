package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.results.TimeCategory;

/**
 * A new program image: the memory node runs the loader, then the old address space is dropped with
 * all its lines, unflushed, and a fresh one begins.
 *
 * <p>Source: LegoOS {@code managers/processor/exec.c}.
 */
final class ExecPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int REPLIED = 1;
  private static final int RELEASED = 2;
  private static final int STRING_BYTES = 256;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final MemoryPaths memory;
  private ImagePlacement image = ImagePlacement.captured(List.of());

  ExecPath(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    super("exec");
    this.cpu = cpu;
    this.node = node;
    this.memory = memory;
  }

  @Override
  @SuppressWarnings("fallthrough") // a step continues with the next one while nothing blocks
  public int resume(Frame frame) {
    Task task = cpu.running();
    UserProcess process = task.process;
    switch (frame.step) {
      case BEGIN:
        frame.step = REPLIED;
        if (!node.isRemote() || !node.storage().isPresent()) {
          node.approximate("exec: the loader's reads of the program file are not modelled");
        }
        if (node.isRemote()) {
          Request request = cpu.request().prepare(Opcode.EXECVE, process.homeNode());
          request.tgid = process.tgid();
          request.requestBytes += STRING_BYTES;
          request.isMarshalled = true;
          image = node.translation().next(process, node.kernel());
          node.translation().stage(process, image);
          cpu.stack().call(cpu.sendReply());
          memory.pin(process, 0, AddressCalls.USER_SPACE_BYTES, MemoryPaths.Change.EXEC);
          memory.callSettle(process, 0, AddressCalls.USER_SPACE_BYTES, MemoryPaths.Change.EXEC);
          return CALL;
        }
        image = node.translation().next(process, node.kernel());
      // fall through
      case REPLIED:
        frame.step = RELEASED;
        if (node.isRemote()) {
          cpu.stampRequest();
        }
        if (process.leaveMemory()) {
          node.audit().released(process.memory().index());
          memory.callRelease(process);
          return CALL;
        }
      // fall through
      default: // RELEASED
        memory.unpin(process);
        process.replaceMemory(node.createMemory(process));
        AddressTranslation.begin(process, image);
        node.audit().image(process.memory().index(), image.mappings());
        if (node.isRemote()) {
          // dropping the old pages sends nothing, so the reply is still there
          memory.learnRegions(process, cpu.request().regions);
        }
        node.files().exec(task, cpu);
        node.taskMemory().exec(cpu.cpuIndex(), task);
        task.kernel.signals.exec();
        process.life().signals().exec();
        cpu.loadSpace(process.memory().index());
        cpu.stamp(TimeCategory.ALLOCATE);
        task.call = Task.NO_CALL;
        task.kernel.clearTidAddress = 0;
        task.kernel.robustHead = 0;
        return DONE;
    }
  }
}
