package org.legosim.kernel.memory;

import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.HotPath;

/**
 * What each request does to an address space, and how long that takes. Called with the semaphore
 * held; the change takes effect at once, the time passes afterwards.
 */
final class Operations {
  /** Arguments of requests by position; documented at {@link Request#argument}. */
  static final int PARENT = 0;

  static final int PROTECT_PROTECTION = 0;

  static final int FORK_AREA_BYTES = 24;
  private static final long EFAULT = -14;
  private static final long ENOMEM = -12;

  private final MemoryNode node;
  private final PartOperations parts;
  private final MemoryCounters counters;
  private final ExecutionContext context;

  /** Pages of the last line of several pages that areas cover, and its data in them. */
  private long linePages;

  private long lineBytes;

  /** Pages about to be made present that the storage node has sent: copied, not cleared. */
  private long pagesFromStorage;

  /** Bytes of bss that the loader has cleared, each with a walk of its own. */
  private long bytesCleared;

  /** True when another process maps one of those pages. */
  private boolean isLineShared;

  Operations(MemoryNode node, ExecutionContext context) {
    this.node = node;
    this.counters = node.counters();
    this.context = context;
    this.parts = new PartOperations(node, this);
  }

  /** Whether the request takes the semaphore for writing. */
  boolean changesAreas(Opcode opcode) {
    return switch (opcode) {
      case MMAP, MUNMAP, BRK, MREMAP, MPROTECT, FORK, EXECVE -> true;
      case M2M_MMAP,
          M2M_MUNMAP,
          M2M_MREMAP_GROW,
          M2M_MREMAP_MOVE,
          M2M_MREMAP_MOVE_SPLIT,
          M2M_FORK -> true;
      default -> false;
    };
  }

  @HotPath
  void count(Opcode opcode) {
    switch (opcode) {
      case PCACHE_MISS -> counters.misses++;
      case PCACHE_FLUSH -> counters.flushes++;
      case PCACHE_ZEROFILL -> counters.zeroFills++;
      case MMAP -> counters.mmaps++;
      case MUNMAP -> counters.munmaps++;
      case BRK -> counters.breaks++;
      case MREMAP -> counters.remaps++;
      case FORK -> counters.forks++;
      case EXECVE -> counters.execs++;
      case READ -> counters.reads++;
      case WRITE -> counters.writes++;
      case M2M_MMAP, M2M_MREMAP_GROW -> counters.partMaps++;
      case M2M_MUNMAP -> counters.partUnmaps++;
      case M2M_MREMAP_MOVE, M2M_MREMAP_MOVE_SPLIT -> counters.partMoves++;
      case M2M_FORK -> counters.partForks++;
      default -> counters.others++;
    }
  }

  /** Does what the request asks for; the time that it takes, in picoseconds. */
  @HotPath
  long perform(AddressSpace space, Request request) {
    if (request.opcode == Opcode.PCACHE_MISS) {
      counters.misses++;
      return fault(space, request);
    }
    if (request.opcode == Opcode.PCACHE_FLUSH) {
      return flush(space, request, request.address);
    }
    count(request.opcode);
    return performOther(space, request);
  }

  /** True when a processor node's call may concern other nodes' parts of its address space. */
  boolean hasParts(AddressSpace space, Opcode opcode) {
    return space.regions != null
        && switch (opcode) {
          case MMAP, MUNMAP, BRK, MREMAP, FORK, EXECVE -> true;
          default -> false;
        };
  }

  PartOperations parts() {
    return parts;
  }

  private long performOther(AddressSpace space, Request request) {
    if (request.opcode.isBetweenMemoryNodes()) {
      return parts.perform(space, request);
    }
    space.beginOperation();
    long changesBefore = space.areas.changes();
    switch (request.opcode) {
      case PCACHE_ZEROFILL -> {
        return fault(space, request);
      }
      case MMAP -> MapCalls.map(space, request);
      case MUNMAP -> space.unmap(request.address, end(request));
      case BRK -> MapCalls.moveBreak(space, request);
      case MREMAP -> MapCalls.remap(space, request);
      case MPROTECT ->
        space.protect(request.address, end(request), (int) request.argument[PROTECT_PROTECTION]);
      case MSYNC -> {
        if (node.defects.sizesNoMsyncReply()) {
          // LEGOOS-BUG: F-24, the handler answers through a descriptor that it never filled in.
          request.replyBytes = 0;
        }
        return node.findVma.charge(space.areas.depth());
      }
      case FORK -> fork(space, request);
      case EXECVE -> execute(space, request);
      case READ, WRITE, OPEN, STAT -> {
        // The storage node would be asked here; the request's and reply's sizes are right.
        return 0;
      }
      default -> throw new IllegalStateException(request.opcode + " is handled elsewhere");
    }
    return chargeChanges(space, space.areas.changes() - changesBefore);
  }

  private static long end(Request request) {
    return AddressSpace.pageUp(request.address + request.length);
  }

  long chargeChanges(AddressSpace space, long areaChanges) {
    counters.pagesAllocated += space.pagesAllocated;
    long clearPs = node.walk.charge(bytesCleared);
    bytesCleared = 0;
    return clearPs
        + node.findVma.charge(space.areas.depth())
        + node.changeVma.charge(areaChanges)
        + node.changeEntry.charge(space.entriesChanged + space.pagesFreed)
        + node.allocatePage.charge(space.pagesAllocated + space.pagesFreed)
        + node.fill.chargeBytes(space.pagesAllocated * PageTable.PAGE_BYTES);
  }

  /** A page fault on behalf of the processor node. */
  @HotPath
  private long fault(AddressSpace space, Request request) {
    long ps = node.findVma.charge(space.areas.depth());
    node.profile.findVma.passed(context, ps);
    Area area = space.find(request.address);
    if (area == null && node.params.mapsOnTouch()) {
      area = mapPage(space, request.address);
    }
    if (area == null || request.address >= AddressSpace.TASK_END) {
      counters.segmentationFaults++;
      HandlerPath.fail(request, Request.SEGV);
      return ps;
    }
    if (request.length > PageTable.PAGE_BYTES) {
      return ps + populateLine(space, request, request.address, request.sectors, true);
    }
    boolean isPresent = space.isPresent(request.address);
    if (!area.isAnonymous() && !isPresent) {
      noteFileFault();
    }
    long populatePs = populate(space, request, request.address);
    if (!isPresent) {
      (area.isAnonymous() ? node.profile.anonymous : node.profile.file).passed(context, populatePs);
    }
    ps += populatePs;
    if (request.status == 0) {
      request.content = space.content(request.address);
    }
    return ps;
  }

  /** A page that is about to be made present comes from the storage node, if there is one. */
  private void noteFileFault() {
    counters.fileFaults++;
    pagesFromStorage += node.hasStorage() ? 1 : 0;
  }

  private static Area mapPage(AddressSpace space, long address) {
    long page = address & -PageTable.PAGE_BYTES;
    if (space.regions != null) {
      space.regions.claim(page, page + PageTable.PAGE_BYTES, space.regions.home);
    }
    Area area = Area.anonymous(page, page + PageTable.PAGE_BYTES, 3);
    space.map(area);
    return area;
  }

  /** Walks to the page and makes it present, zeroed, if it was not. */
  @HotPath
  private long populate(AddressSpace space, Request request, long address) {
    long ps = node.walk.charge();
    if (space.isPresent(address)) {
      return ps;
    }
    space.pagesAllocated = 0;
    if (!space.populate(address)) {
      HandlerPath.fail(request, ENOMEM);
    }
    return ps + chargePages(space);
  }

  /** The zone's lock, the allocation and the zeroes of the pages that were just made present. */
  @HotPath
  private long chargePages(AddressSpace space) {
    counters.pagesAllocated += space.pagesAllocated;
    long holdPs = node.allocatePage.charge(space.pagesAllocated);
    long nowPs = context.nowPs();
    long waitPs = node.zoneLock.submit(nowPs, holdPs) - nowPs;
    long copied = pagesFromStorage;
    pagesFromStorage = 0;
    return waitPs
        + holdPs
        + node.fill.chargeBytes((space.pagesAllocated - copied) * PageTable.PAGE_BYTES)
        + node.copy.chargeBytes(copied * PageTable.PAGE_BYTES);
  }

  /**
   * The same for each page of a line of several pages that an area covers; what no area covers is
   * zeroes to the processor node and costs nothing. The areas are a list in order, so the one look-up
   * that was paid leads to all of them.
   */
  private long populateLine(
      AddressSpace space, Request request, long address, long sectors, boolean isFault) {
    long line = address & -request.length;
    linePages = 0;
    lineBytes = 0;
    isLineShared = false;
    space.pagesAllocated = 0;
    for (long page = line; page < line + request.length; page += PageTable.PAGE_BYTES) {
      long bytes = LineBytes.in(page - line, sectors, request.sectorShift);
      if (bytes == 0) {
        continue;
      }
      Area area = space.areas.find(page);
      if (area == null && node.params.mapsOnTouch() && page < AddressSpace.TASK_END) {
        area = mapPage(space, page);
      }
      if (area != null) {
        linePages++;
        lineBytes += bytes;
        populateNext(space, request, area, page, isFault);
      }
    }
    long ps = node.walk.charge(linePages);
    return space.pagesAllocated == 0 ? ps : ps + chargePages(space);
  }

  private void populateNext(
      AddressSpace space, Request request, Area area, long page, boolean isFault) {
    if (space.isPresent(page)) {
      isLineShared |= space.isShared(page);
      return;
    }
    if (isFault && !area.isAnonymous()) {
      noteFileFault();
    }
    if (!space.populate(page)) {
      HandlerPath.fail(request, ENOMEM);
    }
  }

  /**
   * Writes a dirty line back. After a fork the page may be another process's too; then this one gets a
   * page of its own. LEGOOS-BUG: F-20. The real kernel ignores that and overwrites it for both.
   */
  @HotPath
  long flush(AddressSpace space, Request request, long address) {
    counters.flushes++;
    if (request.length > PageTable.PAGE_BYTES) {
      return flushLine(space, request, address);
    }
    long ps = node.findVma.charge(space.areas.depth());
    Area area = space.find(address);
    if (area == null && node.params.mapsOnTouch()) {
      area = mapPage(space, address);
    }
    if (area == null) {
      failFlush(request);
      return ps;
    }
    boolean isShared = space.isShared(address);
    if (isShared) {
      counters.sharedFlushes++;
    }
    ps += populate(space, request, address);
    long sectors = LineBytes.flushedSectors(request);
    long flushedBytes =
        sectors == 0 ? request.length : (long) Long.bitCount(sectors) << request.sectorShift;
    if (isShared && !area.isShared() && !node.defects.overwritesShared()) {
      ps += unshare(space, request, address, flushedBytes >= PageTable.PAGE_BYTES);
    }
    if (space.isPresent(address)) {
      space.write(address, request.flushContent);
    }
    return ps + node.copy.chargeBytes(flushedBytes);
  }

  /**
   * Gives the process a page of its own.
   *
   * @param isWhole the flush overwrites all of it, so that what it held need not be copied
   */
  private long unshare(AddressSpace space, Request request, long address, boolean isWhole) {
    space.pagesAllocated = 0;
    if (!space.unshare(address)) {
      HandlerPath.fail(request, ENOMEM);
      return 0;
    }
    counters.pagesAllocated += space.pagesAllocated;
    long holdPs = node.allocatePage.charge(space.pagesAllocated);
    long nowPs = context.nowPs();
    long copyPs = isWhole ? 0 : node.copy.chargeBytes(PageTable.PAGE_BYTES);
    long ps = node.zoneLock.submit(nowPs, holdPs) - nowPs + holdPs + copyPs;
    ps += node.changeEntry.charge();
    node.profile.writeProtect.passed(context, ps);
    return ps;
  }

  /** Writes back those pages of a line that areas cover; it fails when there is none. */
  private long flushLine(AddressSpace space, Request request, long address) {
    long ps = node.findVma.charge(space.areas.depth());
    ps += populateLine(space, request, address, LineBytes.flushedSectors(request), false);
    if (linePages == 0) {
      failFlush(request);
      return ps;
    }
    if (isLineShared) {
      counters.sharedFlushes++;
    }
    return ps + node.copy.chargeBytes(lineBytes);
  }

  private void failFlush(Request request) {
    counters.failedFlushes++;
    if (request.opcode == Opcode.PCACHE_FLUSH) {
      HandlerPath.fail(request, EFAULT);
    }
  }

  void fork(AddressSpace parent, Request request) {
    AddressSpace former = node.find(HandlerPath.processorNode(request), request.tgid);
    if (former != null && node.defects.keepsReusedSpaces()) {
      // LEGOOS-BUG: F-23, EEXIST is taken for success.
      return;
    }
    parent.pagesFreed += node.discard(HandlerPath.processorNode(request), request.tgid);
    AddressSpace child = node.create(HandlerPath.processorNode(request), request.tgid);
    child.beginOperation();
    child.cloneFrom(parent);
    parent.entriesChanged += child.entriesChanged;
    parent.pagesAllocated += child.pageTable.leafCount();
    request.replyBytes = request.opcode.replyBytes() + FORK_AREA_BYTES * parent.areas.count();
    request.areas = parent.areas.listed();
  }

  private void execute(AddressSpace space, Request request) {
    @Nullable ImagePlacement image = node.takeStagedImage(request.sourceNode, request.tgid);
    if (image != null) {
      space.load(image);
      bytesCleared = node.runLoader(space, image.mappings());
    }
  }
}
