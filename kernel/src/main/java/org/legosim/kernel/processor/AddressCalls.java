package org.legosim.kernel.processor;

import org.legosim.kernel.processor.MemoryPaths.Change;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.TraceException;

/**
 * The calls that change an address space: the request to its memory node, and what follows on the
 * processor node's page table after the reply.
 *
 * <p>A call is one {@link AddressChange}, or several in turn when the simulated layout has parted what
 * the captured call treats as one. Which, is worked out by {@link #begin}.
 *
 * <p>Source: LegoOS {@code managers/processor/mmap/syscall.c}: mprotect and madvise are answered
 * locally and change nothing; brk, mmap, munmap, mremap and msync ask the memory node first.
 */
final class AddressCalls {
  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;

  /** Bytes of a process's half of the address space. */
  static final long USER_SPACE_BYTES = 1L << 47;

  private final Cpu cpu;
  private final ProcessorNode node;
  private final MemoryPaths memory;
  private final AddressChange change;

  AddressCalls(Cpu cpu, ProcessorNode node, MemoryPaths memory) {
    this.cpu = cpu;
    this.node = node;
    this.memory = memory;
    this.change = new AddressChange(node);
  }

  /** Works out what the returning call changes, at simulated addresses. */
  void begin(Task task) {
    change.begin(task, task.batch.eventResult);
  }

  private boolean hasNext(Task task) {
    return change.hasNext() && !ResultCheck.isRefused(task);
  }

  /** Goes on to the call's next change; false when there is none. */
  boolean next(Task task) {
    if (!hasNext(task)) {
      return false;
    }
    change.next();
    return true;
  }

  /** Fills the CPU's request when the call goes to the memory node. */
  boolean prepare(Task task) {
    long[] arguments = task.callArguments;
    switch (change.call()) {
      case SyscallNumbers.MMAP -> {
        Request request = request(Opcode.MMAP, task);
        request.address = change.to();
        request.length = change.toBytes();
        request.argument[0] = arguments[2];
        request.argument[1] = arguments[3];
        request.argument[2] = arguments[4];
        request.argument[3] = arguments[5];
        request.argument[Request.MAP_HINT] = change.isChosen() ? 1 : 0;
        request.text = isAnonymous(task) ? "" : NodeFiles.mappedName(task, node);
      }
      case SyscallNumbers.MUNMAP -> {
        Request request = request(Opcode.MUNMAP, task);
        request.address = change.from();
        request.length = change.fromBytes();
      }
      case SyscallNumbers.BRK -> request(Opcode.BRK, task).address = change.to();
      case SyscallNumbers.MREMAP -> {
        Request request = request(Opcode.MREMAP, task);
        request.address = change.from();
        request.length = change.fromBytes();
        request.argument[0] = change.toBytes();
        request.argument[1] = arguments[3];
        request.argument[2] = change.isChosen() ? 0 : change.to();
      }
      case SyscallNumbers.MSYNC -> {
        Request request = request(Opcode.MSYNC, task);
        request.address = change.from();
        request.length = change.fromBytes();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private Request request(Opcode opcode, Task task) {
    Request request = cpu.request().prepare(opcode, task.process.homeNode());
    request.tgid = task.process.memoryTgid();
    request.isMarshalled = true;
    return request;
  }

  /**
   * Pushes what must be written back before the memory node changes its areas, so before {@link
   * #prepare}; false when nothing must.
   */
  boolean detach(Task task) {
    UserProcess process = task.process;
    switch (change.call()) {
      case SyscallNumbers.MUNMAP -> {
        return memory.callDetach(process, change.from(), change.fromBytes());
      }
      case SyscallNumbers.MMAP -> {
        // Other mappings go where nothing was: what a line holds of that place is zeroes.
        return (change.isFixed() || (!isAnonymous(task) && !change.isChosen()))
            && memory.callDetach(process, change.to(), change.toBytes());
      }
      case SyscallNumbers.BRK -> {
        long dropped = droppedByBreak(process);
        return dropped > 0 && memory.callDetach(process, AddressChange.pages(change.to()), dropped);
      }
      case SyscallNumbers.MREMAP -> {
        return detachRemapped(process);
      }
      default -> {
        return false;
      }
    }
  }

  private static boolean isAnonymous(Task task) {
    return (task.callArguments[3] & MAP_ANONYMOUS) != 0;
  }

  private long droppedByBreak(UserProcess process) {
    return AddressChange.pages(process.breakAddress()) - AddressChange.pages(change.to());
  }

  private boolean detachRemapped(UserProcess process) {
    long from = change.from();
    long fromBytes = change.fromBytes();
    long toBytes = change.toBytes();
    if (change.isChosen()) {
      // The answer may be any distance: lines that would part are given up for all of them.
      return memory.callDetachMove(
          process, from, fromBytes, from + AddressTable.PAGE_BYTES, toBytes);
    }
    if (change.to() == from) {
      long kept = Math.min(fromBytes, toBytes);
      return memory.callDetach(process, from + kept, Math.abs(toBytes - fromBytes));
    }
    return memory.callDetachMove(process, from, fromBytes, change.to(), toBytes);
  }

  /** Pushes the wait for pages in flight before the request, which is pushed already, is sent. */
  void settle(Task task) {
    UserProcess process = task.process;
    switch (change.call()) {
      case SyscallNumbers.MUNMAP ->
        settle(process, change.from(), change.fromBytes(), Change.UNMAP);
      case SyscallNumbers.MREMAP -> {
        memory.pin(process, change.from(), change.fromBytes(), Change.MOVE);
        settle(process, change.from(), change.fromBytes(), Change.MOVE);
      }
      case SyscallNumbers.MMAP -> {
        if (change.isFixed()) {
          settle(process, change.to(), change.toBytes(), Change.UNMAP);
        }
      }
      case SyscallNumbers.BRK -> {
        long dropped = droppedByBreak(process);
        if (dropped > 0) {
          settle(process, AddressChange.pages(change.to()), dropped, Change.UNMAP);
        }
      }
      default -> {
        // nothing that is in flight can be affected
      }
    }
  }

  private void settle(UserProcess process, long start, long length, Change reason) {
    memory.callSettle(process, start, length, reason);
  }

  /**
   * Takes the memory node's answer, if it was asked, and pushes what follows. Others may see the call
   * once all of its changes have been answered.
   */
  boolean replied(Task task, ResultCheck check) {
    if (task.isRemoteCall) {
      requireRoom(task);
      check.answered(task, cpu.request().status);
    }
    if (!hasNext(task)) {
      node.gates().publishDeferred(task, cpu);
    }
    boolean follows = !ResultCheck.isRefused(task) && update(task);
    if (task.isRemoteCall && change.call() == SyscallNumbers.MREMAP) {
      // what settle kept may go, to its new place if it has one
      memory.unpin(task.process);
    }
    return follows;
  }

  /** True for a call that changes the mappings of its process, when it succeeded. */
  static boolean changesMappings(int call, long result) {
    return switch (call) {
      case SyscallNumbers.MMAP, SyscallNumbers.MUNMAP, SyscallNumbers.BRK, SyscallNumbers.MREMAP ->
        !Errno.isError(result);
      default -> false;
    };
  }

  /** Pushes what the reply makes of the page table; false when nothing follows. */
  private boolean update(Task task) {
    UserProcess process = task.process;
    if (task.isRemoteCall && change.call() != AddressChange.NONE) {
      memory.learnRegions(process, cpu.request().regions);
    }
    boolean wasChosen = change.isChosen();
    if (process.addresses() != null) {
      change.answered(process, process.addresses(), cpu.request().result);
    }
    switch (change.call()) {
      case SyscallNumbers.MMAP -> {
        return mapped(task, wasChosen);
      }
      case SyscallNumbers.MUNMAP -> {
        node.audit().unmapped(space(process), change.from(), change.fromBytes());
        memory.callUnmap(process, change.from(), change.fromBytes());
        return true;
      }
      case SyscallNumbers.BRK -> {
        return brk(process);
      }
      case SyscallNumbers.MREMAP -> {
        return remap(process, wasChosen);
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

  /** A layout of the simulated machine may have no room for what the captured one had. */
  private void requireRoom(Task task) {
    boolean maps = change.call() == SyscallNumbers.MMAP
        || change.call() == SyscallNumbers.BRK
        || change.call() == SyscallNumbers.MREMAP;
    if (maps && task.process.addresses() != null && cpu.request().status == Errno.ENOMEM) {
      throw new TraceException(task.describe() + ": " + SyscallNames.of(task.call)
          + " succeeded when the trace was captured, and finds no room in the simulated address"
          + " layout; run it with addresses: captured or, if the memory node is full, raise"
          + " memory.capacity");
    }
  }

  private boolean mapped(Task task, boolean wasChosen) {
    UserProcess process = task.process;
    long[] arguments = task.callArguments;
    boolean isAnonymous = isAnonymous(task);
    node.audit()
        .mapped(
            space(process),
            change.to(),
            change.toBytes(),
            (arguments[3] & MAP_SHARED) != 0,
            isAnonymous ? "" : NodeFiles.mappedName(task, node),
            isAnonymous ? 0 : arguments[5]);
    if (!isAnonymous) {
      return wasChosen && memory.callDetach(process, change.to(), change.toBytes());
    }
    memory.callMapped(process, change.to(), change.toBytes());
    return true;
  }

  private boolean brk(UserProcess process) {
    long previous = process.breakAddress();
    long result = change.to();
    long before = AddressChange.pages(previous);
    long after = AddressChange.pages(result);
    process.setBreakAddress(result);
    if (previous == 0) {
      return false;
    }
    followBreak(process, before, after);
    if (after >= before) {
      return false;
    }
    memory.callUnmap(process, after, before - after);
    return true;
  }

  private void followBreak(UserProcess process, long before, long after) {
    if (after > before) {
      node.audit().mapped(space(process), before, after - before, false, "", 0);
    } else if (after < before) {
      node.audit().unmapped(space(process), after, before - after);
    }
    AddressTable table = process.addresses();
    long capturedBefore = table == null ? before : table.capturedBreak(before);
    long capturedAfter = table == null ? after : table.capturedBreak(after);
    process.life().mappings().add(capturedBefore, capturedAfter, KnownMappings.PRIVATE);
    process.life().mappings().remove(capturedAfter, capturedBefore);
  }

  private static int space(UserProcess process) {
    return process.memory().index();
  }

  private boolean remap(UserProcess process, boolean wasChosen) {
    long from = change.from();
    long fromBytes = change.fromBytes();
    long to = change.to();
    long toBytes = change.toBytes();
    node.audit().moved(space(process), from, fromBytes, to, toBytes);
    boolean calls = remap(process, from, fromBytes, to, toBytes);
    // What a line of several pages holds of the new place is zeroes; it goes before the move.
    return (wasChosen && to != from && memory.callDetach(process, to, toBytes)) || calls;
  }

  private boolean remap(UserProcess process, long from, long fromBytes, long to, long toBytes) {
    if (toBytes < fromBytes) {
      // the tail goes first, whether or not the rest moves afterwards
      if (to != from) {
        memory.callMove(process, from, to, toBytes);
        memory.moving(process, from, to, toBytes);
      }
      memory.callUnmap(process, from + toBytes, fromBytes - toBytes);
      return true;
    }
    if (to == from) {
      return false;
    }
    memory.callMove(process, from, to, fromBytes);
    memory.moving(process, from, to, fromBytes);
    return true;
  }
}
