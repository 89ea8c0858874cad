package org.legosim.kernel.processor;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.files.Descriptors;
import org.legosim.timing.engine.KernelLock;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ProcessImage;

/** A process of the trace as the kernel sees it: its address space and its living threads. */
public final class UserProcess {
  private final int index;
  private final ProcessImage image;
  private int tgid;
  private final int homeNode;
  private ProcessMemory memory = NO_MEMORY;
  private MemoryUse use = new MemoryUse(this);
  private final ProcessLife life = new ProcessLife();
  private int livingThreads;
  private int nextImage;
  private long breakAddress;
  private final KernelLock mappingLock;
  private @Nullable AddressTable addresses;
  private final SyscallTable syscalls = new SyscallTable();
  private @Nullable Descriptors files;

  private static final ProcessMemory NO_MEMORY = new ProcessMemory() {
    @Override
    public int index() {
      return -1;
    }

    @Override
    public long walk(long address, boolean store) {
      return NOT_PRESENT;
    }
  };

  UserProcess(int index, ProcessImage image, int tgid, int homeNode) {
    this.index = index;
    this.image = image;
    this.tgid = tgid;
    this.homeNode = homeNode;
    this.mappingLock = new KernelLock("mapping lock of process " + image.pid());
  }

  public int index() {
    return index;
  }

  public ProcessImage image() {
    return image;
  }

  /** Thread-group id, unique among the living of the processor node; 0 until the process begins, see {@link ProcessNumbers}. */
  public int tgid() {
    return tgid;
  }

  void takeNumber(int number) {
    tgid = number;
  }

  /** The memory node that owns the address space. */
  public int homeNode() {
    return homeNode;
  }

  public ProcessMemory memory() {
    return memory;
  }

  void replaceMemory(ProcessMemory fresh) {
    memory = fresh;
    use = new MemoryUse(this);
    breakAddress = 0;
  }

  /** A child of vfork begins in its parent's address space. */
  void shareMemory(UserProcess parent) {
    memory = parent.memory;
    use = parent.use;
    use.join();
  }

  /** True when the address space goes with this process, which leaves it. */
  boolean leaveMemory() {
    return use.leave();
  }

  /** The number by which memory nodes know the address space: the parent's in a child of vfork. */
  int memoryTgid() {
    return use.tgid();
  }

  /** Held by the one call that changes this process's mappings. */
  KernelLock mappingLock() {
    return mappingLock;
  }

  /** The captured mappings of the program image that begins next. */
  List<Mapping> takeNextImage() {
    List<List<Mapping>> images = image.images();
    int next = nextImage++;
    return next < images.size() ? images.get(next) : List.of();
  }

  /** Where captured addresses lie; null when they are the simulated ones. */
  @Nullable
  AddressTable addresses() {
    return addresses;
  }

  void setAddresses(@Nullable AddressTable table) {
    addresses = table;
  }

  void inheritAddresses(UserProcess parent) {
    AddressTable table = parent.addresses;
    addresses = table == null ? null : table.copy();
  }

  /** End of the heap, at its simulated address, after the last brk call, or 0 before the first. */
  long breakAddress() {
    return breakAddress;
  }

  void setBreakAddress(long address) {
    breakAddress = address;
  }

  /** The table of descriptors of its first thread; null before its first use. */
  @Nullable
  Descriptors files() {
    return files;
  }

  void setFiles(@Nullable Descriptors table) {
    files = table;
  }

  /** System calls of the threads that have ended. */
  SyscallTable syscalls() {
    return syscalls;
  }

  ProcessLife life() {
    return life;
  }

  int livingThreads() {
    return livingThreads;
  }

  void threadStarted() {
    livingThreads++;
  }

  boolean hasThreads() {
    return livingThreads > 0;
  }

  /** True when that was the last one. */
  boolean threadEnded() {
    return --livingThreads == 0;
  }
}
