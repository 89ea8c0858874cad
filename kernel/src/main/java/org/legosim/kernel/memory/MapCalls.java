package org.legosim.kernel.memory;

import org.legosim.kernel.rpc.Request;

/** What mmap, brk and mremap do to an address space of one node. */
final class MapCalls {
  static final int MAP_PROTECTION = 0;
  static final int MAP_FLAGS = 1;
  static final int MAP_OFFSET = 3;
  static final int REMAP_LENGTH = 0;
  static final int REMAP_RESULT = 2;
  private static final int MAP_SHARED = 1;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_GROWSDOWN = 0x100;
  private static final long EINVAL = -22;
  private static final long ENOMEM = -12;
  private static final long EFAULT = -14;

  private MapCalls() {}

  static void map(AddressSpace space, Request request) {
    long bytes = AddressSpace.pageUp(request.length);
    long start = request.address;
    boolean isHint = request.argument[Request.MAP_HINT] != 0;
    if (start == 0 || (isHint && !space.isFree(start, bytes))) {
      start = space.place(bytes);
    }
    if (bytes == 0 || start <= 0 || start + bytes > AddressSpace.TASK_END) {
      HandlerPath.fail(request, start == 0 ? ENOMEM : EINVAL);
      return;
    }
    space.map(areaOf(request, start, bytes));
    request.result = start;
  }

  /** The area that an mmap asks for. */
  static Area areaOf(Request request, long start, long bytes) {
    int flags = (int) request.argument[MAP_FLAGS];
    boolean isAnonymous = (flags & MAP_ANONYMOUS) != 0;
    // Files of one process differ by descriptor until a path is known: enough to keep them apart.
    String file = request.text.isEmpty() ? "descriptor " + request.argument[2] : request.text;
    return new Area(
        start,
        start + bytes,
        (int) request.argument[MAP_PROTECTION],
        (flags & MAP_SHARED) != 0,
        (flags & MAP_GROWSDOWN) != 0,
        isAnonymous ? "" : file,
        isAnonymous ? 0 : request.argument[MAP_OFFSET]);
  }

  static void moveBreak(AddressSpace space, Request request) {
    if (!space.moveBreak(request.address)) {
      HandlerPath.fail(request, ENOMEM);
    }
    request.result = space.breakEnd();
  }

  static void remap(AddressSpace space, Request request) {
    long newBytes = AddressSpace.pageUp(request.argument[REMAP_LENGTH]);
    long oldBytes = AddressSpace.pageUp(request.length);
    long to = request.argument[REMAP_RESULT];
    if (to == 0) {
      to = destination(space, request.address, oldBytes, newBytes);
    }
    if (to == 0) {
      HandlerPath.fail(request, ENOMEM);
    } else if (!space.remap(request.address, oldBytes, to, newBytes)) {
      HandlerPath.fail(request, EFAULT);
    } else {
      request.result = to;
    }
  }

  /** In place when what follows is free, elsewhere otherwise. */
  private static long destination(AddressSpace space, long from, long oldBytes, long newBytes) {
    if (newBytes <= oldBytes || space.isFree(from + oldBytes, newBytes - oldBytes)) {
      return from;
    }
    return space.place(newBytes);
  }
}
