package org.legosim.kernel.processor;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/**
 * The calls that change an address space: the request to its memory node, and what follows on the
 * processor node's page table after the reply.
 *
 * <p>Source: LegoOS {@code managers/processor/mmap/syscall.c}: mprotect and madvise are answered
 * locally and change nothing; brk, mmap, munmap, mremap and msync ask the memory node first.
 */
final class AddressCalls {
  private static final long ERRNO_LOWEST = -4095;
  private static final int MAP_SHARED = 1;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final long PAGE_BYTES = 4096;

  /** Bytes of a process's half of the address space. */
  static final long USER_SPACE_BYTES = 1L << 47;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final MemoryPaths memory;

  AddressCalls(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    this.cpu = cpu;
    this.node = node;
    this.memory = memory;
  }

  private static boolean isError(long result) {
    return result < 0 && result >= ERRNO_LOWEST;
  }

  private static long pages(long bytes) {
    return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
  }

  /** Fills the CPU's request when the call goes to the memory node. */
  boolean prepare(Task task, long result) {
    if (isError(result)) {
      return false;
    }
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.MMAP -> {
        Request request = request(Opcode.MMAP, task);
        request.address = result;
        request.length = pages(arguments[1]);
        request.argument[0] = arguments[2];
        request.argument[1] = arguments[3];
        request.argument[2] = arguments[4];
        request.argument[3] = arguments[5];
      }
      case SyscallNumbers.MUNMAP -> {
        Request request = request(Opcode.MUNMAP, task);
        request.address = arguments[0];
        request.length = pages(arguments[1]);
      }
      case SyscallNumbers.BRK -> request(Opcode.BRK, task).address = result;
      case SyscallNumbers.MREMAP -> {
        Request request = request(Opcode.MREMAP, task);
        request.address = arguments[0];
        request.length = pages(arguments[1]);
        request.argument[0] = pages(arguments[2]);
        request.argument[1] = arguments[3];
        request.argument[2] = result;
      }
      case SyscallNumbers.MSYNC -> {
        Request request = request(Opcode.MSYNC, task);
        request.address = arguments[0];
        request.length = pages(arguments[1]);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Request request(Opcode opcode, Task task) {
    Request request = cpu.request().prepare(opcode, task.process.homeNode());
    request.tgid = task.process.tgid();
    request.isMarshalled = true;
    return request;
  }

  /**
   * Pushes what must be written back before the memory node changes its areas, so before {@link
   * #prepare}; false when nothing must.
   */
  boolean detach(Task task, long result) {
    if (isError(result)) {
      return false;
    }
    long[] arguments = task.callArguments;
    UserProcess process = task.process;
    switch (task.call) {
      case SyscallNumbers.MUNMAP -> {
        return memory.callDetach(process, arguments[0], pages(arguments[1]));
      }
      case SyscallNumbers.MMAP -> {
        // Other mappings go where nothing was: what a line holds of that place is zeroes.
        boolean isAnonymous = (arguments[3] & MAP_ANONYMOUS) != 0;
        boolean isFixed = (arguments[3] & MAP_FIXED) != 0;
        return (isFixed || !isAnonymous) && memory.callDetach(process, result, pages(arguments[1]));
      }
      case SyscallNumbers.BRK -> {
        long dropped = pages(process.breakAddress()) - pages(result);
        return dropped > 0 && memory.callDetach(process, pages(result), dropped);
      }
      case SyscallNumbers.MREMAP -> {
        return detachRemapped(
            process, arguments[0], pages(arguments[1]), result, pages(arguments[2]));
      }
      default -> {
        return false;
      }
    }
  }

  private boolean detachRemapped(
      UserProcess process, long from, long fromBytes, long to, long toBytes) {
    if (to == from) {
      long kept = Math.min(fromBytes, toBytes);
      return memory.callDetach(process, from + kept, Math.abs(toBytes - fromBytes));
    }
    return memory.callDetachMove(process, from, fromBytes, to, toBytes);
  }

  /** Pushes the wait for pages in flight before the request, which is pushed already, is sent. */
  void settle(Task task) {
    long[] arguments = task.callArguments;
    UserProcess process = task.process;
    switch (task.call) {
      case SyscallNumbers.MUNMAP -> memory.callSettle(process, arguments[0], pages(arguments[1]));
      case SyscallNumbers.MREMAP -> {
        memory.pin(process, arguments[0], pages(arguments[1]));
        memory.callSettle(process, arguments[0], pages(arguments[1]));
      }
      case SyscallNumbers.MMAP -> {
        if ((arguments[3] & MAP_FIXED) != 0) {
          memory.callSettle(process, arguments[0], pages(arguments[1]));
        }
      }
      case SyscallNumbers.BRK -> {
        long dropped = pages(process.breakAddress()) - pages(task.batch.eventResult);
        if (dropped > 0) {
          memory.callSettle(process, pages(task.batch.eventResult), dropped);
        }
      }
      default -> {
        // nothing that is in flight can be affected
      }
    }
  }

  /** The memory node has answered: what {@link #settle} kept may go. */
  void answered(Task task) {
    if (task.call == SyscallNumbers.MREMAP) {
      memory.unpin(task.process);
    }
  }

  /** True for a call that changes the mappings of its process, when it succeeded. */
  static boolean changesMappings(int call, long result) {
    return switch (call) {
      case SyscallNumbers.MMAP, SyscallNumbers.MUNMAP, SyscallNumbers.BRK, SyscallNumbers.MREMAP ->
        !isError(result);
      default -> false;
    };
  }

  /** Pushes what the reply makes of the page table; false when nothing follows. */
  boolean update(Task task, long result) {
    if (isError(result)) {
      return false;
    }
    long[] arguments = task.callArguments;
    UserProcess process = task.process;
    if (task.isRemoteCall) {
      memory.learnRegions(process, cpu.request().regions);
    }
    switch (task.call) {
      case SyscallNumbers.MMAP -> {
        boolean isAnonymous = (arguments[3] & MAP_ANONYMOUS) != 0;
        node.audit()
            .mapped(
                space(process),
                result,
                pages(arguments[1]),
                (arguments[3] & MAP_SHARED) != 0,
                isAnonymous ? "" : "descriptor " + arguments[4],
                isAnonymous ? 0 : arguments[5]);
        if (!isAnonymous) {
          return false;
        }
        memory.callMapped(process, result, pages(arguments[1]));
        return true;
      }
      case SyscallNumbers.MUNMAP -> {
        node.audit().unmapped(space(process), arguments[0], arguments[1]);
        memory.callUnmap(process, arguments[0], pages(arguments[1]));
        return true;
      }
      case SyscallNumbers.BRK -> {
        return brk(process, result);
      }
      case SyscallNumbers.MREMAP -> {
        return remap(process, arguments[0], pages(arguments[1]), result, pages(arguments[2]));
      }
      case SyscallNumbers.MPROTECT ->
        node.approximate(
            "mprotect: answered locally as in the real kernel; protections are not enforced");
      default -> {
        // msync and the rest change no translation
      }
    }
    return false;
  }

  private boolean brk(UserProcess process, long result) {
    long previous = process.breakAddress();
    process.setBreakAddress(result);
    if (previous != 0) {
      auditBreak(process, pages(previous), pages(result));
      process.life().mappings().add(pages(previous), pages(result), KnownMappings.PRIVATE);
      process.life().mappings().remove(pages(result), pages(previous));
    }
    if (previous == 0 || pages(result) >= pages(previous)) {
      return false;
    }
    memory.callUnmap(process, pages(result), pages(previous) - pages(result));
    return true;
  }

  private void auditBreak(UserProcess process, long before, long after) {
    if (after > before) {
      node.audit().mapped(space(process), before, after - before, false, "", 0);
    } else if (after < before) {
      node.audit().unmapped(space(process), after, before - after);
    }
  }

  private static int space(UserProcess process) {
    return process.memory().index();
  }

  private boolean remap(UserProcess process, long from, long fromBytes, long to, long toBytes) {
    node.audit().moved(space(process), from, fromBytes, to, toBytes);
    if (toBytes < fromBytes) {
      // the tail goes first, whether or not the rest moves afterwards
      if (to != from) {
        memory.callMove(process, from, to, toBytes);
      }
      memory.callUnmap(process, from + toBytes, fromBytes - toBytes);
      return true;
    }
    if (to == from) {
      return false;
    }
    memory.callMove(process, from, to, fromBytes);
    return true;
  }
}
