package org.legosim.kernel.processor;

/**
 * How the CPUs of a node execute user code at page level.
 *
 * @param hertz clock rate
 * @param milliCyclesPerInstruction thousandths of a cycle per instruction
 */
public record CpuModel(long hertz, long milliCyclesPerInstruction) {
  UserMode userMode(NodeServices services) {
    return new PageMode(new CycleClock(hertz, milliCyclesPerInstruction), services);
  }
}
