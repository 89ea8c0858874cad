package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.trace.Mapping;

/**
 * What the loader allocates while it makes a program's address space: the program's name, a temporary area
 * for the page that the argument strings are copied to, the areas of the new image. The strings are copied
 * three times (name, environment, arguments), and each copy faults the page in, though it may be there.
 *
 * <p>Source: LegoOS {@code managers/memory/loader/}; the layout of an area is this project's.
 */
final class Loader {
  /** Of a vm_area_struct, and where in it the pointer to its operations is. */
  static final int AREA_BYTES = 120;

  static final int OPERATIONS_OFFSET = 88;
  private static final int START_OFFSET = 0;
  private static final int END_OFFSET = 8;
  private static final int COPIES = 3;
  private static final long FILE_OPERATIONS = 0xffffffff81a00000L;
  private static final int NAME_BYTES_MAX = 255;

  private final String node;
  private final KernelHeap heap;
  private final boolean leavesAreaUncleared;
  private long faultIns;

  Loader(String node, KernelHeap heap, MemoryDefects defects) {
    this.node = node;
    this.heap = heap;
    this.leavesAreaUncleared = defects.leavesAreaUncleared();
  }

  /**
   * Loads a program.
   *
   * @param old areas of the program before, which are freed; replaced by those of the new one
   * @throws InvariantViolation when the loader's fault follows what memory's last owner left
   */
  void load(List<Long> old, List<Mapping> mappings) {
    String path = nameOf(mappings);
    long name = heap.kmalloc(path.length() + 1, "the loader's file name");
    heap.writeText(name, path);
    long stack = allocateStackArea();
    heap.write(stack + START_OFFSET, AddressSpace.TASK_END - PageTable.PAGE_BYTES);
    heap.write(stack + END_OFFSET, AddressSpace.TASK_END);
    for (int copy = 0; copy < COPIES; copy++) {
      faultIn(stack, path);
    }
    old.forEach(heap::kfree);
    old.clear();
    List<Long> areas = new ArrayList<>();
    for (Mapping mapping : mappings) {
      long area = heap.kzalloc(AREA_BYTES, "an area of " + path);
      heap.write(area + START_OFFSET, mapping.start());
      heap.write(area + END_OFFSET, mapping.end());
      heap.write(area + OPERATIONS_OFFSET, mapping.isAnonymous() ? 0 : FILE_OPERATIONS);
      areas.add(area);
    }
    old.addAll(areas);
    heap.kfree(stack);
    heap.kfree(name);
  }

  private long allocateStackArea() {
    // LEGOOS-BUG: F-10, the area is used as its last owner left it.
    return leavesAreaUncleared
        ? heap.kmalloc(AREA_BYTES, "the loader's stack area")
        : heap.kzalloc(AREA_BYTES, "the loader's stack area");
  }

  private static String nameOf(List<Mapping> mappings) {
    for (Mapping mapping : mappings) {
      if (!mapping.isAnonymous()) {
        String name = mapping.name();
        return name.substring(0, Math.min(NAME_BYTES_MAX, name.length()));
      }
    }
    return "program";
  }

  /** handle_pte_fault asks the area whether it has operations, and then calls its fault operation. */
  private void faultIn(long area, String path) {
    faultIns++;
    long operations = heap.read(area + OPERATIONS_OFFSET);
    if (operations != 0 && operations != FILE_OPERATIONS) {
      throw new InvariantViolation("kernel memory: " + node
          + " crashes in handle_pte_fault, called by copy_strings, while it loads a program:"
          + " vm_ops is 0x"
          + Long.toHexString(operations)
          + " in the loader's stack area at 0x"
          + Long.toHexString(area)
          + ", left there by the memory's last owner ("
          + path.length()
          + " bytes of file name lie before it)");
    }
  }

  /** Times that a page of argument strings was faulted in. */
  long faultIns() {
    return faultIns;
  }
}
