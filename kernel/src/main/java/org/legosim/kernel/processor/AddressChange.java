package org.legosim.kernel.processor;

import java.util.Arrays;

/**
 * What a returning call changes in its process's address space, at simulated addresses: one change
 * where addresses are the captured ones. In another layout a captured range may lie in several pieces;
 * then each is changed in turn.
 */
final class AddressChange {
  /** No change. */
  static final int NONE = -1;

  private static final int MAP_GROWSDOWN = 0x100;
  private static final int MAP_FIXED = 0x10;
  private static final int MREMAP_MAYMOVE = 1;
  private static final int MREMAP_FIXED = 2;

  /** Longs per change in {@link #list}. */
  private static final int CALL = 0;

  private static final int FROM = 1;
  private static final int FROM_BYTES = 2;
  private static final int TO = 3;
  private static final int TO_BYTES = 4;
  private static final int FLAGS = 5;
  /** Captured addresses of what the change removes and of what it makes. */
  private static final int OLD = 6;

  private static final int NEW = 7;
  private static final int NEW_BYTES = 8;
  private static final int LONGS = 9;

  /** The memory node chooses the address; {@link #TO} is a wish, or 0. */
  private static final long CHOSEN = 1;

  private static final long FIXED = 2;
  private static final long STACK = 4;

  /** {@link #TO} is a distance from where the call's first piece went. */
  private static final long FOLLOWS = 8;

  private final ProcessorNode node;
  private long[] list = new long[4 * LONGS];
  private int count;
  private int index;
  private long firstTo;

  AddressChange(ProcessorNode node) {
    this.node = node;
  }

  static long pages(long bytes) {
    return (bytes + AddressTable.PAGE_BYTES - 1) & -AddressTable.PAGE_BYTES;
  }

  private long get(int field) {
    return list[index * LONGS + field];
  }

  /** Number of the system call that the present change is, or of none. */
  int call() {
    return index < count ? (int) get(CALL) : NONE;
  }

  long from() {
    return get(FROM);
  }

  long fromBytes() {
    return get(FROM_BYTES);
  }

  /** Where it goes; once {@link #answered}, where it went. */
  long to() {
    return get(TO);
  }

  long toBytes() {
    return get(TO_BYTES);
  }

  /** True when the memory node chooses where it goes. */
  boolean isChosen() {
    return (get(FLAGS) & CHOSEN) != 0;
  }

  /** True when it goes where the program says, whatever is there. */
  boolean isFixed() {
    return (get(FLAGS) & FIXED) != 0;
  }

  boolean hasNext() {
    return index + 1 < count;
  }

  void next() {
    index++;
    if ((get(FLAGS) & FOLLOWS) != 0) {
      list[index * LONGS + TO] += firstTo;
    }
  }

  private void add(int call, long from, long fromBytes, long to, long toBytes, long flags) {
    if ((count + 1) * LONGS > list.length) {
      list = Arrays.copyOf(list, 2 * list.length);
    }
    int at = count++ * LONGS;
    list[at + CALL] = call;
    list[at + FROM] = from;
    list[at + FROM_BYTES] = fromBytes;
    list[at + TO] = to;
    list[at + TO_BYTES] = toBytes;
    list[at + FLAGS] = flags;
    list[at + OLD] = 0;
    list[at + NEW] = 0;
    list[at + NEW_BYTES] = 0;
  }

  private void captured(long old, long made, long madeBytes) {
    int at = (count - 1) * LONGS;
    list[at + OLD] = old;
    list[at + NEW] = made;
    list[at + NEW_BYTES] = madeBytes;
  }

  /** Works the changes of the task's call out from its arguments and its captured result. */
  void begin(Task task, long result) {
    count = 0;
    index = 0;
    if (Errno.isError(result)) {
      return;
    }
    AddressTable table = task.process.addresses();
    if (table == null) {
      asCaptured(task, result);
    } else {
      translated(task, table, result);
    }
  }

  private void asCaptured(Task task, long result) {
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.MMAP ->
        add(task.call, 0, 0, result, pages(arguments[1]), fixedFlag(arguments[3]));
      case SyscallNumbers.MUNMAP, SyscallNumbers.MSYNC ->
        add(task.call, arguments[0], pages(arguments[1]), 0, 0, 0);
      case SyscallNumbers.BRK -> add(task.call, 0, 0, result, 0, 0);
      case SyscallNumbers.MREMAP ->
        add(task.call, arguments[0], pages(arguments[1]), result, pages(arguments[2]), 0);
      case SyscallNumbers.MPROTECT -> add(task.call, 0, 0, 0, 0, 0);
      default -> {
        // no change
      }
    }
  }

  private static boolean isPage(long address) {
    return (address & (AddressTable.PAGE_BYTES - 1)) == 0;
  }

  private static long fixedFlag(long mapFlags) {
    return (mapFlags & MAP_FIXED) != 0 ? FIXED : 0;
  }

  private void translated(Task task, AddressTable table, long result) {
    long[] arguments = task.callArguments;
    switch (task.call) {
      case SyscallNumbers.MMAP -> map(table, arguments, result);
      case SyscallNumbers.MUNMAP, SyscallNumbers.MSYNC -> {
        if (isPage(arguments[0])) {
          addPieces(task.call, table, arguments[0], pages(arguments[1]), AddressTable.UNKNOWN);
        }
        if (count == 0) {
          // the memory node is asked all the same
          add(task.call, 0, 0, 0, 0, 0);
        }
      }
      case SyscallNumbers.BRK -> {
        long previous = task.process.breakAddress();
        long to = table.breakAt(result);
        add(task.call, 0, 0, to, 0, 0);
        long old = previous == 0 ? result : table.capturedBreak(previous);
        captured(pages(old), pages(result), 0);
      }
      case SyscallNumbers.MREMAP -> remap(table, arguments, result);
      case SyscallNumbers.MPROTECT -> add(task.call, 0, 0, 0, 0, 0);
      default -> {
        // no change
      }
    }
  }

  private void map(AddressTable table, long[] arguments, long result) {
    long bytes = pages(arguments[1]);
    boolean isFixed = (arguments[3] & MAP_FIXED) != 0;
    long flags = (arguments[3] & MAP_GROWSDOWN) != 0 ? STACK : 0;
    long to = 0;
    if (isFixed) {
      to = fixedTarget(table, result, bytes);
    } else if (arguments[0] != 0) {
      to = pages(table.target(arguments[0], bytes));
    }
    flags |= isFixed && to != 0 ? FIXED : CHOSEN;
    add(SyscallNumbers.MMAP, 0, 0, to, bytes, flags);
    captured(0, result, bytes);
  }

  /**
   * Where a mapping goes that the program has put at a captured address; what it replaces elsewhere
   * is unmapped first. 0 when something else lies there, so that the memory node chooses.
   */
  private long fixedTarget(AddressTable table, long captured, long bytes) {
    long to = table.target(captured, bytes);
    if (!table.isFree(to, bytes, captured, captured + bytes)) {
      node.approximate("addresses: a mapping at an address of the program's choice was moved, as"
          + " another one lies there in this layout");
      to = 0;
    }
    addPieces(
        SyscallNumbers.MUNMAP,
        table,
        captured,
        bytes,
        to == 0 ? AddressTable.UNKNOWN : to - captured);
    return to;
  }

  /** A change for each piece of a captured range whose distance is not {@code except}. */
  private void addPieces(int call, AddressTable table, long captured, long bytes, long except) {
    long end = captured + bytes;
    for (int i = table.firstEndingAfter(captured); i < table.count() && table.start(i) < end; i++) {
      long from = Math.max(captured, table.start(i));
      long to = Math.min(end, table.end(i));
      if (table.delta(i) != except) {
        add(call, from + table.delta(i), to - from, 0, 0, 0);
        captured(from, 0, 0);
      }
    }
  }

  private void remap(AddressTable table, long[] arguments, long result) {
    long captured = arguments[0];
    long oldBytes = pages(arguments[1]);
    long newBytes = pages(arguments[2]);
    boolean isFixed = (arguments[3] & MREMAP_FIXED) != 0;
    long target = isFixed ? fixedTarget(table, result, newBytes) : 0;
    if ((arguments[3] & MREMAP_MAYMOVE) == 0 && newBytes > oldBytes) {
      node.approximate("addresses: an mremap that may not move is moved all the same when it has no"
          + " room to grow in this layout");
    }
    int first = count;
    long flags = target == 0 ? CHOSEN : 0;
    if (isPage(captured)) {
      addPieces(
          SyscallNumbers.MREMAP, table, captured, Math.max(oldBytes, 1), AddressTable.UNKNOWN);
    }
    if (count == first) {
      // Nothing is known there: the memory node will refuse, as nothing is mapped at its null page.
      add(SyscallNumbers.MREMAP, 0, oldBytes, result, newBytes, 0);
      return;
    }
    for (int i = first; i < count; i++) {
      int at = i * LONGS;
      long offset = list[at + OLD] - captured;
      if (i == first) {
        long bytes = count - first == 1 ? oldBytes : list[at + FROM_BYTES];
        list[at + FROM_BYTES] = bytes;
        list[at + TO] = target;
        list[at + TO_BYTES] = newBytes;
        list[at + FLAGS] = flags;
        list[at + NEW] = result;
        list[at + NEW_BYTES] = newBytes;
      } else {
        // the first piece has made room for all of them
        list[at + TO] = offset;
        list[at + TO_BYTES] = Math.min(list[at + FROM_BYTES], Math.max(0, newBytes - offset));
        list[at + FLAGS] = FOLLOWS;
        list[at + NEW] = result + offset;
        list[at + NEW_BYTES] = list[at + TO_BYTES];
        if (list[at + TO_BYTES] == 0) {
          list[at + CALL] = SyscallNumbers.MUNMAP;
          list[at + FLAGS] = 0;
        }
      }
    }
  }

  /** The present change is made; {@code result} is the address in the memory node's reply. */
  void answered(UserProcess process, AddressTable table, long result) {
    int at = index * LONGS;
    long old = list[at + OLD];
    long made = list[at + NEW];
    switch (call()) {
      case SyscallNumbers.MMAP -> {
        list[at + TO] = result;
        table.put(made, made + get(NEW_BYTES), result, (get(FLAGS) & STACK) != 0);
      }
      case SyscallNumbers.MUNMAP -> table.remove(old, old + fromBytes());
      case SyscallNumbers.MREMAP -> {
        list[at + TO] = result;
        if ((get(FLAGS) & FOLLOWS) == 0) {
          firstTo = result;
        }
        table.remove(old, old + fromBytes());
        table.put(made, made + get(NEW_BYTES), result, false);
      }
      case SyscallNumbers.BRK -> {
        if (made < old) {
          table.remove(made, old);
        } else {
          table.put(old, made, table.breakAt(old), false);
        }
      }
      default -> {
        // nothing moves
      }
    }
  }
}
