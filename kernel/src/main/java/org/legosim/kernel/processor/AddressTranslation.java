package org.legosim.kernel.processor;

import java.util.List;
import java.util.function.Consumer;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.timing.TraceException;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.Mapping;

/**
 * Turns the captured addresses of a trace into those of the simulated address space, as far as the
 * layout is another one. Accesses are translated once, in their batch, when the gates before them have
 * opened: the calls that made their pages have then been performed, and those that end them not yet.
 */
final class AddressTranslation {
  /** First address behind user space. */
  static final long USER_END = 0x7ffffffff000L;

  /** Pages that no call explains get room in pieces of this size, so that neighbours stay neighbours. */
  private static final long TOUCHED_BYTES = 2L << 20;

  private final NodeServices services;
  private final Consumer<String> approximations;

  /** @param approximations takes sentences for the report */
  AddressTranslation(NodeServices services, Consumer<String> approximations) {
    this.services = services;
    this.approximations = approximations;
  }

  /** Places the process's next program image. */
  ImagePlacement next(UserProcess process, NodeKernel kernel) {
    List<Mapping> captured = process.takeNextImage();
    kernel.image(process, captured);
    return services.placeImage(process, captured);
  }

  /** The process's next exec request leaves this image. */
  void stage(UserProcess process, ImagePlacement image) {
    services.stageImage(process, image);
  }

  /** From now on the process runs in this image. */
  static void begin(UserProcess process, ImagePlacement image) {
    process.setAddresses(image.isCaptured() ? null : tableOf(image));
  }

  private static AddressTable tableOf(ImagePlacement image) {
    AddressTable table = new AddressTable(image.breakBase());
    long[] ranges = image.ranges();
    for (int i = 0; i < ranges.length; i += ImagePlacement.RANGE_LONGS) {
      table.put(ranges[i], ranges[i + 1], ranges[i + 2], ranges[i + 3] != 0);
    }
    return table;
  }

  /** Translates the accesses of the task's batch up to, not including, batch index {@code stop}. */
  @HotPath
  void translate(Task task, AddressTable table, int stop) {
    AccessBatch batch = task.batch;
    long[] addresses = batch.address;
    int[] shapes = batch.shape;
    long low = 0;
    long high = 0;
    long delta = 0;
    for (int i = task.translated; i < stop; i++) {
      long at = addresses[i];
      if (at < low || at >= high) {
        delta = locate(task, table, at, i);
        low = table.startOfLast();
        high = delta == 0 && isKernel(at) ? 0 : table.endOfLast();
      }
      addresses[i] = at + delta;
      int bytes = AccessBatch.bytesOf(shapes[i]);
      if (at + bytes > high && high != 0) {
        shapes[i] = straddling(task, table, i, at, delta, high, shapes[i]);
        high = 0;
      }
    }
    task.translated = Math.max(task.translated, stop);
  }

  private static boolean isKernel(long address) {
    return address < 0 || address >= USER_END;
  }

  /** An access across two ranges is one access only if they still lie next to each other. */
  private int straddling(
      Task task, AddressTable table, int index, long at, long delta, long high, int shape) {
    if (locate(task, table, high, index) == delta) {
      return shape;
    }
    approximations.accept("addresses: accesses across two mappings that the layout has parted are"
        + " cut at the end of the first");
    return AccessBatch.shapeOf(AccessBatch.kindOf(shape), (int) (high - at));
  }

  /**
   * Distance to the simulated address; the table's last range is then the one that holds it.
   *
   * @param index of the access in the task's batch, for the message
   */
  long locate(Task task, AddressTable table, long captured, int index) {
    if (isKernel(captured)) {
      return 0;
    }
    long delta = table.deltaOf(captured);
    return delta == AddressTable.UNKNOWN ? touched(task, table, captured, index) : delta;
  }

  /**
   * Simulated address of what the kernel reads or writes for a task. One that nothing explains lies in
   * the null page, where nothing is ever mapped, so that the kernel's access fails.
   */
  long ofKernel(Task task, long captured) {
    AddressTable table = task.process.addresses();
    if (table == null || isKernel(captured)) {
      return captured;
    }
    long delta = table.deltaOf(captured);
    if (delta == AddressTable.UNKNOWN) {
      delta = makeRoom(task, table, captured);
    }
    return delta == AddressTable.UNKNOWN
        ? captured & (AddressTable.PAGE_BYTES - 1)
        : captured + delta;
  }

  /** Bytes from a captured address on that lie next to each other in the simulated layout, too. */
  static long bytesTogether(Task task, long captured) {
    AddressTable table = task.process.addresses();
    if (table == null || isKernel(captured)) {
      return Long.MAX_VALUE;
    }
    return table.deltaOf(captured) == AddressTable.UNKNOWN
        ? Long.MAX_VALUE
        : table.endOfLast() - captured;
  }

  private long touched(Task task, AddressTable table, long captured, int index) {
    long delta = makeRoom(task, table, captured);
    if (delta == AddressTable.UNKNOWN) {
      throw new TraceException("thread " + task.tid + " of process " + task.process.tgid()
          + " at record " + (task.batch.firstRecord + index) + ": no mapping explains address 0x"
          + Long.toHexString(captured)
          + "; the trace lacks the call that made it. Give --map-on-touch to accept such pages");
    }
    return delta;
  }

  /** Room for a page that no call explains, and for its neighbours; UNKNOWN when none is given. */
  private long makeRoom(Task task, AddressTable table, long captured) {
    int above = table.firstEndingAfter(captured);
    long from = captured & -TOUCHED_BYTES;
    long to = Math.min(from + TOUCHED_BYTES, USER_END);
    if (above > 0) {
      from = Math.max(from, table.end(above - 1));
    }
    if (above < table.count()) {
      to = Math.min(to, table.start(above));
    }
    long simulated = services.mapTouched(task.process, to - from);
    if (simulated == 0) {
      return AddressTable.UNKNOWN;
    }
    table.put(from, to, simulated, false);
    return table.deltaOf(captured);
  }
}
