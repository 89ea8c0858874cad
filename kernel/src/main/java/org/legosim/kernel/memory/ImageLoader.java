package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.trace.Mapping;

/**
 * Places a captured program image as a kernel's loader would have: the program, its heap behind it, the
 * stack below the top of user space, and whatever else was mapped (interpreter, libraries, anonymous
 * memory) by the same search that mmap uses, the interpreter first.
 *
 * <p>What belongs together stays together: the segments of one file, holes included, and the anonymous
 * memory right behind them. A program in the lowest 2 GiB is position-dependent and stays where it is.
 * A trace does not say in which order the rest was mapped: it is taken to be the distance from the
 * interpreter.
 *
 * <p>Source: LegoOS {@code managers/memory/loader}, Linux 4.x {@code fs/binfmt_elf.c} and {@code
 * arch/x86/mm/mmap.c} for the base of position-independent programs and the ranges of the random
 * offsets.
 */
public final class ImageLoader {
  /** Where a position-independent program goes: two thirds of user space, down to a page. */
  static final long PROGRAM_BASE = AddressSpace.TASK_END / 3 * 2 & -PageTable.PAGE_BYTES;

  /** Programs below are linked to their addresses: the reach of x86-64's default code model. */
  private static final long LINKED_END = 1L << 31;

  private static final int MAP_RANDOM_BITS = 28;
  private static final int STACK_RANDOM_BITS = 22;
  private static final int BREAK_RANDOM_BITS = 13;
  /** Holes between segments are a few MiB at most; a file that is mapped again is apart. */
  private static final long SEGMENT_HOLE_BYTES = 16L << 20;

  private static final String STACK = "[stack]";
  private static final String HEAP = "[heap]";

  private final boolean isCacheAware;
  private final @Nullable RandomStream random;

  /** Mappings that move together, lowest first. */
  private static final class Group {
    final List<Mapping> mappings = new ArrayList<>();
    final String file;

    Group(Mapping first) {
      mappings.add(first);
      file = first.isAnonymous() ? "" : first.name();
    }

    boolean takes(Mapping next) {
      return next.isAnonymous()
          ? end() >= startOf(next)
          : file.equals(next.name()) && startOf(next) - end() < SEGMENT_HOLE_BYTES;
    }

    long start() {
      return startOf(mappings.get(0));
    }

    long end() {
      long end = 0;
      for (Mapping mapping : mappings) {
        end = Math.max(end, endOf(mapping));
      }
      return end;
    }

    String baseName() {
      return file.substring(file.lastIndexOf('/') + 1);
    }

    boolean isInterpreter() {
      return baseName().startsWith("ld-") || baseName().startsWith("ld.so");
    }
  }

  /** One image being placed: its areas so far, in an address space that holds nothing else. */
  private static final class Work {
    final List<Mapping> placed = new ArrayList<>();
    final List<long[]> ranges = new ArrayList<>();
    final AddressSpace space;
    long breakBase;

    Work(AddressSpace space) {
      this.space = space;
    }

    void put(List<Mapping> mappings, long delta) {
      for (Mapping mapping : mappings) {
        long start = startOf(mapping);
        long end = endOf(mapping);
        Mapping moved = new Mapping(
            mapping.start() + delta,
            mapping.end() + delta,
            mapping.protection(),
            mapping.fileOffset(),
            mapping.name());
        space.areas.remove(start + delta, end + delta);
        space.areas.insert(MappedImage.areaOf(moved));
        placed.add(moved);
        long isStack = mapping.name().equals(STACK) ? 1 : 0;
        ranges.add(new long[] {start, end, start + delta, isStack});
      }
    }
  }

  /**
   * @param isCacheAware whether mappings go to ranges of 1 GiB as VMA_CACHE_AWARENESS places them
   * @param random draws the offsets of program, heap, mappings and stack; null for none
   */
  public ImageLoader(boolean isCacheAware, @Nullable RandomStream random) {
    this.isCacheAware = isCacheAware;
    this.random = random;
  }

  private static long startOf(Mapping mapping) {
    return mapping.start() & -PageTable.PAGE_BYTES;
  }

  private static long endOf(Mapping mapping) {
    return AddressSpace.pageUp(mapping.end());
  }

  private long draw(int bits) {
    return random == null ? 0 : random.nextLong() >>> (Long.SIZE - bits);
  }

  /**
   * Places an image.
   *
   * @param captured its mappings
   * @param program name of the process, by which the program's file is known among the others
   */
  public ImagePlacement place(List<Mapping> captured, String program) {
    // every image draws the same number of times, so that one does not shift the next
    long mapOffset = draw(MAP_RANDOM_BITS) * PageTable.PAGE_BYTES;
    long stackOffset = draw(STACK_RANDOM_BITS) * PageTable.PAGE_BYTES;
    long programOffset = draw(MAP_RANDOM_BITS) * PageTable.PAGE_BYTES;
    long breakOffset = draw(BREAK_RANDOM_BITS) * PageTable.PAGE_BYTES;
    long stackRoom = random == null ? 0 : PageTable.PAGE_BYTES << STACK_RANDOM_BITS;
    long mapTop = AddressSpace.MAPPING_TOP - stackRoom - mapOffset;

    List<Mapping> sorted = new ArrayList<>(captured);
    sorted.sort(Comparator.comparingLong(Mapping::start));
    List<Mapping> stacks = new ArrayList<>();
    List<Mapping> heaps = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    for (Mapping mapping : sorted) {
      if (mapping.name().equals(STACK)) {
        stacks.add(mapping);
      } else if (mapping.name().equals(HEAP)) {
        heaps.add(mapping);
      } else if (groups.isEmpty() || !groups.get(groups.size() - 1).takes(mapping)) {
        groups.add(new Group(mapping));
      } else {
        groups.get(groups.size() - 1).mappings.add(mapping);
      }
    }
    AddressSpace space = new AddressSpace("image", new PhysicalPages(0));
    space.chooseFrom(mapTop, isCacheAware ? new long[1] : new long[0]);
    Work work = new Work(space);
    if (!stacks.isEmpty()) {
      long top = endOf(stacks.get(stacks.size() - 1));
      work.put(stacks, AddressSpace.TASK_END - stackOffset - top);
    }
    placeProgram(work, groups, program, PROGRAM_BASE + programOffset);
    work.breakBase += breakOffset;
    if (!heaps.isEmpty()) {
      long end = endOf(heaps.get(heaps.size() - 1));
      long delta = work.breakBase - startOf(heaps.get(0));
      work.put(heaps, delta);
      work.breakBase = end + delta;
    }
    placeRest(work, groups);
    return new ImagePlacement(
        work.placed, flat(work.ranges), mapTop, work.breakBase, space.search());
  }

  private static void placeProgram(
      Work work, List<Group> groups, String program, long movableBase) {
    Group found = null;
    for (Group group : groups) {
      boolean isFile = !group.file.isEmpty() && !group.isInterpreter();
      boolean isBetter = found == null
          || (group.baseName().equals(program) && !found.baseName().equals(program));
      if (isFile && isBetter) {
        found = group;
      }
    }
    work.breakBase = movableBase;
    if (found != null) {
      groups.remove(found);
      long delta = found.start() < LINKED_END ? 0 : movableBase - found.start();
      work.put(found.mappings, delta);
      work.breakBase = found.end() + delta;
    }
  }

  private static void placeRest(Work work, List<Group> groups) {
    long from = 0;
    for (Group group : groups) {
      if (from == 0 && group.isInterpreter()) {
        from = group.start();
      }
    }
    long first = from;
    groups.sort(Comparator.comparingLong(group -> Math.abs(group.start() - first)));
    for (Group group : groups) {
      long to = work.space.place(group.end() - group.start());
      // an image that fills the address space is left where it was
      work.put(group.mappings, to == 0 ? 0 : to - group.start());
    }
  }

  private static long[] flat(List<long[]> ranges) {
    ranges.sort(Comparator.comparingLong(range -> range[0]));
    long[] flat = new long[ranges.size() * ImagePlacement.RANGE_LONGS];
    for (int i = 0; i < ranges.size(); i++) {
      System.arraycopy(
          ranges.get(i), 0, flat, i * ImagePlacement.RANGE_LONGS, ImagePlacement.RANGE_LONGS);
    }
    return flat;
  }
}
