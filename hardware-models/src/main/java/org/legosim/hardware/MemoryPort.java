package org.legosim.hardware;

/** Reads of physical memory by something that is not a core: the page walker. */
@FunctionalInterface
public interface MemoryPort {
  /** When the datum at {@code physicalAddress}, asked for at {@code timePs}, is there. */
  long read(long timePs, long physicalAddress);
}
