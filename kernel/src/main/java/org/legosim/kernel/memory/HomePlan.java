package org.legosim.kernel.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;
import org.legosim.timing.trace.Mapping;

/**
 * What one call on an address space means for the nodes that own parts of it: the parts in the order in
 * which the home node asks for them, one after the other. Some follow from the answer to another.
 *
 * <p>The home node drives everything, pages that change their node included: an owner that asked
 * another node for them could wait for the home node's only worker, which waits for it.
 */
final class HomePlan {
  /**
   * One request to one node.
   *
   * @param area attributes of what is mapped or moved; of a consultation what is to be placed
   * @param target where a move goes
   * @param pages what arrives, as {@link Request#pages}, or null
   */
  record Part(
      Opcode opcode,
      int node,
      long start,
      long end,
      @Nullable Area area,
      long target,
      boolean populates,
      @Nullable List<Long> pages) {
    static Part of(Opcode opcode, int node, long start, long end) {
      return new Part(opcode, node, start, end, null, 0, false, null);
    }
  }

  private static final long EFAULT = -14;
  private static final long ENOMEM = -12;
  private static final long EINVAL = -22;

  private final MemoryNode node;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private final List<long[]> forkAreas = new ArrayList<>();

  /** Start and end of what was unmapped or moved away. */
  private final List<long[]> vacated = new ArrayList<>();

  HomePlan(MemoryNode node) {
    this.node = node;
  }

  @Nullable
  Part next() {
    return parts.poll();
  }

  void abandon() {
    parts.clear();
  }

  /** Finds the parts of a request; it may fail the request instead. */
  void begin(AddressSpace space, Regions regions, Request request) {
    parts.clear();
    forkAreas.clear();
    vacated.clear();
    long start = request.address;
    long end = AddressSpace.pageUp(start + request.length);
    switch (request.opcode) {
      case MMAP -> map(space, request);
      case MUNMAP -> unmap(regions, start, end);
      case BRK -> moveBreak(space, regions, request);
      case MREMAP -> remap(space, regions, request);
      case FORK -> fork();
      case EXECVE -> execute(space, regions, request);
      default -> throw new IllegalStateException(request.opcode + " has no parts");
    }
  }

  private void map(AddressSpace space, Request request) {
    long bytes = AddressSpace.pageUp(request.length);
    long start = request.address;
    if (bytes <= 0 || start < 0 || start > AddressSpace.TASK_END - bytes) {
      HandlerPath.fail(request, EINVAL);
      return;
    }
    if (request.argument[Request.MAP_HINT] != 0 && !space.isFree(start, bytes)) {
      start = 0;
    }
    request.result = start;
    consult(MapCalls.areaOf(request, start, bytes));
  }

  private void consult(Area area) {
    parts.add(new Part(
        Opcode.M2MM_CONSULT,
        node.distribution().monitor().number(),
        area.start(),
        area.end(),
        area,
        0,
        false,
        null));
  }

  /** The monitor answered with a node for {@code area}; an area without an address gets one. */
  void placed(AddressSpace space, Regions regions, Area area, int chosen, Request request) {
    Area placed = area;
    if (area.start() == 0) {
      long start = regions.place(
          area.end(), chosen, space.areas, AddressSpace.MAPPING_BOTTOM, space.mapTop());
      if (start == 0) {
        HandlerPath.fail(request, ENOMEM);
        return;
      }
      placed = area.at(start, start + area.end());
      request.result = start;
    }
    // A stack grows down without asking anybody, so it stays where the processor node looks by
    // default.
    regions.claim(placed.start(), placed.end(), placed.growsDown() ? regions.home : chosen);
    List<Part> rest = new ArrayList<>(parts);
    parts.clear();
    mapParts(regions, placed, Opcode.M2M_MMAP, false);
    parts.addAll(rest);
  }

  /** Maps an area whose ranges all have owners, piece by piece. */
  private void mapParts(Regions regions, Area area, Opcode opcode, boolean populates) {
    regions.remote.remove(area.start(), area.end());
    long at = area.start();
    while (at < area.end()) {
      long to = regions.partEnd(at, area.end());
      int owner = regions.nodeOf(at);
      Area piece = area.part(at, to);
      if (owner != regions.home) {
        regions.remote.insert(piece);
      }
      parts.add(new Part(opcode, owner, at, to, piece, 0, populates, null));
      at = to;
    }
  }

  private void unmap(Regions regions, long from, long to) {
    long end = Math.min(to, AddressSpace.TASK_END);
    long at = from;
    while (at >= 0 && at < end) {
      long next = regions.partEnd(at, end);
      parts.add(Part.of(Opcode.M2M_MUNMAP, regions.nodeOf(at), at, next));
      at = next;
    }
    if (from >= 0 && from < end) {
      regions.remote.remove(from, end);
      vacated.add(new long[] {from, end});
    }
  }

  /** The heap grows on the home node, unless its next range is somebody's already. */
  private void moveBreak(AddressSpace space, Regions regions, Request request) {
    if (request.address > AddressSpace.TASK_END || space.blocksBreak(request.address)) {
      HandlerPath.fail(request, ENOMEM);
      return;
    }
    long oldEnd = space.noteBreak(request.address);
    long newEnd = AddressSpace.pageUp(space.breakEnd());
    request.result = space.breakEnd();
    if (newEnd < oldEnd) {
      unmap(regions, newEnd, oldEnd);
    } else if (newEnd > oldEnd) {
      regions.claim(oldEnd, newEnd, regions.home);
      mapParts(regions, Area.anonymous(oldEnd, newEnd, 3), Opcode.M2M_MMAP, true);
    }
  }

  private void remap(AddressSpace space, Regions regions, Request request) {
    long from = request.address;
    long oldBytes = AddressSpace.pageUp(request.length);
    long newBytes = AddressSpace.pageUp(request.argument[MapCalls.REMAP_LENGTH]);
    Area area = areaAt(space, regions, from);
    if (area == null) {
      HandlerPath.fail(request, EFAULT);
      return;
    }
    long to = request.argument[MapCalls.REMAP_RESULT];
    if (to == 0) {
      to = destination(space, regions, from, oldBytes, newBytes);
    }
    if (to <= 0 || to > AddressSpace.TASK_END - newBytes) {
      HandlerPath.fail(request, ENOMEM);
      return;
    }
    request.result = to;
    if (newBytes < oldBytes) {
      unmap(regions, from + newBytes, from + oldBytes);
    }
    Area moved = AddressSpace.grown(area, from, oldBytes, to, newBytes);
    if (to != from) {
      unmap(regions, to, to + newBytes);
    }
    // New ranges go to the node of the pages that move in: nothing has to cross the network then.
    regions.claim(to, to + newBytes, regions.nodeOf(from));
    long kept = Math.min(oldBytes, newBytes);
    if (to != from) {
      moveParts(regions, moved, from, kept);
    }
    if (newBytes > oldBytes) {
      mapParts(regions, moved.part(to + kept, to + newBytes), Opcode.M2M_MREMAP_GROW, false);
    }
  }

  private static @Nullable Area areaAt(AddressSpace space, Regions regions, long address) {
    if (address < 0 || address >= AddressSpace.TASK_END) {
      return null;
    }
    Area area = space.areas.find(address);
    return area == null ? regions.remote.find(address) : area;
  }

  private static long destination(
      AddressSpace space, Regions regions, long from, long oldBytes, long newBytes) {
    long end = from + oldBytes;
    long newEnd = from + newBytes;
    if (newBytes <= oldBytes || space.isFree(end, newEnd - end)) {
      return from;
    }
    return regions.place(
        newBytes, regions.nodeOf(from), space.areas, AddressSpace.MAPPING_BOTTOM, space.mapTop());
  }

  private void moveParts(Regions regions, Area moved, long from, long bytes) {
    long distance = moved.start() - from;
    long at = from;
    regions.remote.remove(from, from + bytes);
    vacated.add(new long[] {from, from + bytes});
    while (at < from + bytes) {
      int source = regions.nodeOf(at);
      int target = regions.nodeOf(at + distance);
      long next = Math.min(
          regions.partEnd(at, from + bytes),
          regions.partEnd(at + distance, from + bytes + distance) - distance);
      Area piece = moved.part(at + distance, next + distance);
      if (target != regions.home) {
        regions.remote.insert(piece);
      }
      if (source == target) {
        parts.add(
            new Part(Opcode.M2M_MREMAP_MOVE, source, at, next, piece, at + distance, false, null));
      } else {
        parts.add(
            new Part(Opcode.M2M_MMAP, target, piece.start(), piece.end(), piece, 0, false, null));
        parts.add(new Part(
            Opcode.M2M_MREMAP_MOVE_SPLIT, source, at, next, null, at + distance, false, null));
      }
      at = next;
    }
  }

  /** Pages left their node: they go to their new one before more of them leave. */
  void left(Regions regions, Part part, Request answer) {
    long distance = part.target() - part.start();
    if (answer.result < part.end()) {
      parts.addFirst(new Part(
          part.opcode(),
          part.node(),
          answer.result,
          part.end(),
          null,
          answer.result + distance,
          false,
          null));
    }
    if (answer.pages.length > 0) {
      List<Long> pages = new ArrayList<>();
      for (int i = 0; i < answer.pages.length; i += Request.PAGE_LONGS) {
        pages.add(answer.pages[i] + distance);
        pages.add(answer.pages[i + 1]);
      }
      long start = part.target();
      parts.addFirst(new Part(
          part.opcode(),
          regions.nodeOf(start),
          start,
          part.end() + distance,
          null,
          0,
          false,
          pages));
    }
  }

  /** Gives back the ranges in which nothing is mapped any more. */
  void releaseEmpty(AddressSpace space, Regions regions) {
    // Pages that were mapped by a touch are known to their owner alone.
    if (!node.params.mapsOnTouch()) {
      for (long[] range : vacated) {
        regions.releaseEmpty(range[0], range[1], space.areas);
      }
    }
  }

  /** Every memory node is asked, whether it owns a part or not. */
  private void fork() {
    parts.add(Part.of(Opcode.M2M_FORK, node.number(), 0, 0));
    for (MemoryNode other : node.distribution().nodes()) {
      if (other != node) {
        parts.add(Part.of(Opcode.M2M_FORK, other.number(), 0, 0));
      }
    }
  }

  void forked(long[] areas) {
    forkAreas.add(areas);
  }

  /** The areas of all nodes, lowest address first, for the reply to a fork. */
  long[] mergedAreas() {
    List<long[]> all = new ArrayList<>();
    for (long[] list : forkAreas) {
      for (int at = 0; at < list.length; at += Request.AREA_LONGS) {
        all.add(Arrays.copyOfRange(list, at, at + Request.AREA_LONGS));
      }
    }
    all.sort(Comparator.comparingLong(area -> area[0]));
    long[] merged = new long[all.size() * Request.AREA_LONGS];
    for (int i = 0; i < all.size(); i++) {
      System.arraycopy(all.get(i), 0, merged, i * Request.AREA_LONGS, Request.AREA_LONGS);
    }
    return merged;
  }

  /**
   * The old program goes everywhere. Of the new one the loader maps files, heap and stack on the home
   * node, which it runs on; other memory is placed as an mmap's is.
   */
  private void execute(AddressSpace space, Regions regions, Request request) {
    @Nullable ImagePlacement image = node.takeStagedImage(request.sourceNode, request.tgid);
    if (image == null) {
      return;
    }
    List<Mapping> mappings = image.mappings();
    if (!image.isCaptured()) {
      space.chooseFrom(image.mapTop(), image.search());
    }
    for (MemoryNode other : node.distribution().nodes()) {
      if (other == node || regions.hasPartAt(other.number())) {
        parts.add(Part.of(Opcode.M2M_MUNMAP, other.number(), 0, AddressSpace.TASK_END));
      }
    }
    regions.clear();
    space.forgetBreak();
    node.runLoader(space, mappings);
    for (Mapping mapping : mappings) {
      if (MappedImage.staysHome(mapping)) {
        Area area = MappedImage.areaOf(mapping);
        regions.claim(area.start(), area.end(), regions.home);
        mapParts(regions, area, Opcode.M2M_MMAP, false);
      }
    }
    for (Mapping mapping : mappings) {
      if (!MappedImage.staysHome(mapping)) {
        Area area = MappedImage.areaOf(mapping);
        if (regions.needsRange(area.start(), area.end())) {
          consult(area);
        } else {
          mapParts(regions, area, Opcode.M2M_MMAP, false);
        }
      }
    }
  }
}
