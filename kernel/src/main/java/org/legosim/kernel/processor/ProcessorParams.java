package org.legosim.kernel.processor;

import java.util.ArrayList;
import java.util.List;
import org.legosim.kernel.sched.CpuMask;
import org.legosim.kernel.sched.JobParams;
import org.legosim.kernel.sched.SchedParams;
import org.legosim.kernel.smp.SmpParams;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Structure of a processor node. */
public record ProcessorParams(
    @Parameter(
        key = "processor.nodes",
        unit = Unit.COUNT,
        defaultValue = "1",
        range = "1..64",
        doc =
            "Processor nodes, alike, each with its own CPUs and pcache; a program runs on the one that its trace"
                + " is given for, or on the one with the fewest programs.")
    int nodes,

    @Parameter(
        key = "processor.cpus",
        unit = Unit.COUNT,
        defaultValue = "24",
        range = "1..1024",
        doc = "Logical CPUs that the kernel uses: the first ones of the topology.",
        source = "LegoOS README, platform: Dell R730, 2 x E5-2620 v3")
    int cpus,

    @Parameter(
        key = "processor.topology.sockets",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "1..16",
        doc = "Sockets.")
    int sockets,

    @Parameter(
        key = "processor.topology.cores",
        unit = Unit.COUNT,
        defaultValue = "6",
        range = "1..256",
        doc = "Cores per socket.",
        source = "Intel Xeon E5-2620 v3 data sheet")
    int coresPerSocket,

    @Parameter(
        key = "processor.topology.threads",
        unit = Unit.COUNT,
        defaultValue = "2",
        range = "1..8",
        doc = "Hyperthreads per core.",
        source = "Intel Xeon E5-2620 v3 data sheet")
    int threadsPerCore,

    @Parameter(
        key = "processor.topology.numbering",
        unit = Unit.TEXT,
        defaultValue = "alternating",
        doc = "How logical CPUs are numbered over sockets.")
    Numbering numbering,

    @Parameter(
        key = "processor.topology.nicSocket",
        unit = Unit.COUNT,
        defaultValue = "0",
        range = "0..15",
        doc = "Socket whose PCIe root the NIC hangs on.")
    int nicSocket,

    @Parameter(
        key = "processor.pinnedCpus",
        unit = Unit.COUNT,
        defaultValue = "3",
        range = "0..1024",
        doc =
            "CPUs that pinned kernel threads occupy: CPU 0 and those from CPU 2 on; user tasks run on the rest.",
        source = "LegoOS Documentation/configs: CPUs 0, 2 and 3 pinned on the sample machine")
    int pinnedCpus,

    @Parameter(
        key = "processor.memory",
        unit = Unit.TEXT,
        defaultValue = "pcache",
        doc =
            "Where user pages live: in the pcache over remote memory, or in local memory as on an ordinary machine.")
    MemoryPlacement memory,

    @Parameter(
        key = "kernel.hz",
        unit = Unit.COUNT,
        defaultValue = "100",
        range = "10..10000",
        doc = "Scheduler ticks per second.",
        source = "LegoOS Documentation/configs, CONFIG_HZ")
    int hz,

    @Parameter(
        key = "kernel.pidMax",
        unit = Unit.COUNT,
        defaultValue = "off",
        range = "301..32768",
        words = "off=0",
        doc =
            "The lowest process number that is never given; off: processes keep their captured numbers.",
        source =
            "the real kernel's map of numbers, as Linux's: 32768, and below 300 none is given twice")
    int pidMax,

    SchedParams sched,

    @Parameter(
        key = "replay.order",
        unit = Unit.TEXT,
        defaultValue = "per-address",
        doc = "How far the captured order between threads binds the replay.")
    ReplayMode order,

    @Parameter(
        key = "replay.spinInstructions",
        unit = Unit.COUNT,
        defaultValue = "20",
        range = "1..100000",
        status = Status.ASSUMED,
        doc =
            "Instructions from one attempt of a thread that spins for a lock to its next one, when spinning is made anew.",
        source =
            "a PAUSE of 10 to 40 cycles, a load, a comparison and a branch; read from no measurement")
    int spinInstructions,

    @Parameter(
        key = "addresses",
        unit = Unit.TEXT,
        defaultValue = "captured",
        doc =
            "Whose address layout is used: the trace's, the one that the memory node chooses, or that"
                + " with a random base of program, heap, mappings and stack drawn from the seed.")
    AddressLayout addresses,

    SmpParams smp,
    JobParams jobs) {

  /** Where user pages live. */
  public enum MemoryPlacement {
    PCACHE,
    LOCAL
  }

  /** Replay orders that this version knows. */
  public enum ReplayMode {
    STRICT,
    PER_ADDRESS,
    SEMANTIC
  }

  /** Address layouts that this version knows. */
  public enum AddressLayout {
    CAPTURED,
    LEGOOS,
    RANDOMISED
  }

  public ProcessorParams {
    if (cpus > sockets * coresPerSocket * threadsPerCore) {
      throw new ConfigException("processor.cpus: " + cpus + " CPUs do not fit a topology of "
          + sockets + " sockets x " + coresPerSocket + " cores x " + threadsPerCore
          + " threads; lower it, or set processor.topology.{sockets,cores,threads} too");
    }
    if (addresses != AddressLayout.CAPTURED && memory == MemoryPlacement.LOCAL) {
      throw new ConfigException(
          "addresses: with processor.memory: local there is no memory node that"
              + " chooses addresses; allowed: captured");
    }
    if (nodes > 1 && memory == MemoryPlacement.LOCAL) {
      throw new ConfigException("processor.nodes: " + nodes
          + " nodes have nothing in common with processor.memory: local; run one after the other, or set"
          + " processor.memory: pcache");
    }
    if (nicSocket >= sockets) {
      throw new ConfigException("processor.topology.nicSocket: socket " + nicSocket
          + " does not exist, there are " + sockets);
    }
  }

  /** CPUs that user tasks run on: the kernel's active mask. */
  CpuMask activeMask() {
    return CpuMask.of(activeCpus());
  }

  private List<Integer> activeCpus() {
    List<Integer> active = new ArrayList<>();
    int pinned = Math.min(pinnedCpus, cpus - 1);
    for (int cpu = 0; cpu < cpus; cpu++) {
      // kernel threads were pinned where they ran: on CPU 0 and from CPU 2 on
      boolean isPinned = cpu == 0 ? pinned > 0 : cpu >= 2 && cpu < pinned + 1;
      if (!isPinned || cpus == 1) {
        active.add(cpu);
      }
    }
    return active;
  }

  public Topology topology() {
    return new Topology(sockets, coresPerSocket, threadsPerCore, numbering);
  }
}
