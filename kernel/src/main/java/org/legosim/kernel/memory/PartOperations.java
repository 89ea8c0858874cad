package org.legosim.kernel.memory;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/**
 * What the home node of an address space has done to the parts of it: by the node that owns the part,
 * which may be itself. A request carries what the owner does not know, the area's attributes.
 */
final class PartOperations {
  /** Argument of every request between memory nodes: the processor node of the process. */
  static final int PROCESSOR_NODE = 5;

  private static final int MOVE_TARGET = 2;
  private static final int IS_ARRIVAL = 4;
  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_GROWSDOWN = 0x100;
  private static final int MAP_POPULATE = 0x8000;
  private static final long ENOMEM = -12;

  /** Bytes of a page's address in a message. */
  private static final int PAGE_ADDRESS_BYTES = 8;

  /** Pages per message: 1 MiB, as the kernel's other large messages, or what fits into a ring. */
  private static final int MESSAGE_PAGES_MAX = 256;

  private static final long MESSAGE_ROOM_BYTES = 256;

  private final MemoryNode node;
  private final Operations operations;

  PartOperations(MemoryNode node, Operations operations) {
    this.node = node;
    this.operations = operations;
  }

  static void putArea(Request request, Area area, boolean populates) {
    request.argument[MapCalls.MAP_PROTECTION] = area.protection();
    request.argument[MapCalls.MAP_FLAGS] = (area.isShared() ? MAP_SHARED : 0)
        | (area.isAnonymous() ? MAP_ANONYMOUS : 0)
        | (area.growsDown() ? MAP_GROWSDOWN : 0)
        | (populates ? MAP_POPULATE : 0);
    request.argument[MapCalls.MAP_OFFSET] = area.offsetBytes();
    request.text = area.file();
  }

  static void putMove(Request request, long target) {
    request.argument[MOVE_TARGET] = target;
  }

  /** The pages of the request arrive; without it pages are to leave. */
  static void putArrival(Request request, long[] pages) {
    request.argument[IS_ARRIVAL] = 1;
    request.pages = pages;
    request.requestBytes += pageBytes(pages.length / Request.PAGE_LONGS);
  }

  private static int pageBytes(int pages) {
    return pages * (PAGE_ADDRESS_BYTES + (int) PageTable.PAGE_BYTES);
  }

  private static Area areaAt(Request request, long start) {
    long flags = request.argument[MapCalls.MAP_FLAGS];
    return new Area(
        start,
        start + request.length,
        (int) request.argument[MapCalls.MAP_PROTECTION],
        (flags & MAP_SHARED) != 0,
        (flags & MAP_GROWSDOWN) != 0,
        request.text,
        request.argument[MapCalls.MAP_OFFSET]);
  }

  /** Does a part's work; the time that it takes, in picoseconds. */
  long perform(AddressSpace space, Request request) {
    space.beginOperation();
    long changesBefore = space.areas.changes();
    long start = request.address;
    long end = start + request.length;
    if (request.opcode == Opcode.M2M_MREMAP_MOVE_SPLIT) {
      return request.argument[IS_ARRIVAL] == 0
          ? leave(space, request, start, end)
          : arrive(space, request);
    }
    switch (request.opcode) {
      case M2M_MMAP, M2M_MREMAP_GROW -> {
        space.map(areaAt(request, start));
        if ((request.argument[MapCalls.MAP_FLAGS] & MAP_POPULATE) != 0) {
          populate(space, request, start, end);
        }
      }
      case M2M_MUNMAP -> space.unmap(start, end);
      case M2M_MREMAP_MOVE -> {
        long target = request.argument[MOVE_TARGET];
        space.areas.remove(start, end);
        space.areas.insert(areaAt(request, target));
        space.movePages(start, request.length, target);
      }
      case M2M_FORK -> operations.fork(space, request);
      default -> throw new IllegalStateException(request.opcode + " is no part's");
    }
    return operations.chargeChanges(space, space.areas.changes() - changesBefore);
  }

  private static void populate(AddressSpace space, Request request, long start, long end) {
    for (long page = start; page < end; page += PageTable.PAGE_BYTES) {
      if (!space.populate(page)) {
        HandlerPath.fail(request, ENOMEM);
        return;
      }
    }
  }

  /** Areas go at once, pages a message at a time: the reply says from where it goes on. */
  private long leave(AddressSpace space, Request request, long start, long end) {
    long changesBefore = space.areas.changes();
    space.areas.remove(start, end);
    int room =
        (int) Math.max(1, (node.fit().messageBytesMax() - MESSAGE_ROOM_BYTES) / pageBytes(1));
    int most = Math.min(MESSAGE_PAGES_MAX, room);
    request.pages = space.takePages(start, end, most);
    node.counters().sharedMoves += space.sharedTaken;
    int count = request.pages.length / Request.PAGE_LONGS;
    request.result = count == most
        ? request.pages[(count - 1) * Request.PAGE_LONGS] + PageTable.PAGE_BYTES
        : end;
    request.replyBytes += pageBytes(count);
    return node.findVma.charge(space.areas.depth())
        + node.changeVma.charge(space.areas.changes() - changesBefore)
        + node.changeEntry.charge(count)
        + node.allocatePage.charge(count)
        + node.copy.chargeBytes(count * PageTable.PAGE_BYTES);
  }

  private long arrive(AddressSpace space, Request request) {
    long[] pages = request.pages;
    for (int i = 0; i < pages.length; i += Request.PAGE_LONGS) {
      if (!space.populate(pages[i])) {
        HandlerPath.fail(request, ENOMEM);
        break;
      }
      space.write(pages[i], pages[i + 1]);
    }
    node.counters().pagesAllocated += space.pagesAllocated;
    int count = pages.length / Request.PAGE_LONGS;
    return node.findVma.charge(space.areas.depth())
        + node.changeEntry.charge(count)
        + node.allocatePage.charge(space.pagesAllocated)
        + node.copy.chargeBytes(count * PageTable.PAGE_BYTES);
  }
}
