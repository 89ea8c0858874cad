package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.timing.trace.Mapping;

/**
 * Sees every page-level access and what system calls make of the mappings, for a check of what
 * programs read. Accesses to one page in a row may be told once.
 */
public interface AccessAudit {
  /** An access by a task, or by the kernel on its behalf. */
  void access(Access access);

  /** One access; a CPU has one and reuses it. */
  final class Access {
    public int cpu;
    public int tid;
    /** Index of the address space. */
    public int space;
    /** Any address in the page. */
    public long address;
    /** Where the CPU's translation leads. */
    public long frame;

    public boolean isStore;
    /** Time at which the run of accesses that it belongs to began. */
    public long timePs;
  }

  /** Accesses that went by a translation which neither the page table nor the line knows of any more. */
  default long staleAccesses() {
    return 0;
  }

  /** A program begins, or exec replaced it. */
  void image(int space, List<Mapping> mappings);

  /** A successful mmap; {@code file} is empty for anonymous memory. */
  void mapped(int space, long start, long bytes, boolean isShared, String file, long offsetBytes);

  /** munmap, and what a falling brk or a shrinking mremap gives up. */
  void unmapped(int space, long start, long bytes);

  void moved(int space, long from, long oldBytes, long to, long newBytes);

  /** The memory node is asked to copy the parent's address space. */
  void forkBegins(int parent);

  /** The child is complete. */
  void forkEnds(int parent, int child);

  /** The address space is gone. */
  void released(int space);

  /** Nobody listens. */
  AccessAudit NONE = new AccessAudit() {
    @Override
    public void access(Access access) {}

    @Override
    public void image(int space, List<Mapping> mappings) {}

    @Override
    public void mapped(
        int space, long start, long bytes, boolean isShared, String file, long offsetBytes) {}

    @Override
    public void unmapped(int space, long start, long bytes) {}

    @Override
    public void moved(int space, long from, long oldBytes, long to, long newBytes) {}

    @Override
    public void forkBegins(int parent) {}

    @Override
    public void forkEnds(int parent, int child) {}

    @Override
    public void released(int space) {}
  };
}
