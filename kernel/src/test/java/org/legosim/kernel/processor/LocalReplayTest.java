package org.legosim.kernel.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.CoreModel;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.tlb.TlbParams;
import org.legosim.kernel.Defaults;
import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.files.FileParams;
import org.legosim.kernel.fpu.FpuParams;
import org.legosim.kernel.rpc.ImagePlacement;
import org.legosim.kernel.sched.JobParams;
import org.legosim.kernel.sched.SchedParams;
import org.legosim.kernel.smp.ShootdownCosts;
import org.legosim.kernel.smp.SmpParams;
import org.legosim.timing.engine.KernelPath;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Status;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessKind;

/** Replay on an ordinary machine with every cost chosen by hand. */
class LocalReplayTest {
  private static final long GIGAHERTZ = 1_000_000_000L;
  private static final long FUTEX_PRIVATE_WAIT = 128;

  /** Every cost is 1 ns, but saving registers, which is part of a switch; copies 1 ns/KiB, delivery 1 us. */
  static ProcessorCosts costs() {
    Constant nanosecond = new Constant("test.cost", 1_000, Status.ASSUMED);
    Constant delivery = new Constant("test.delivery", 1_000_000, Status.ASSUMED);
    Constant share = new Constant("test.share", 50, Status.ASSUMED);
    Constant nothing = new Constant("test.nothing", 0, Status.ASSUMED);
    Constant n = nanosecond;
    return new ProcessorCosts(
        n,
        n,
        n,
        n,
        n,
        n,
        n,
        n,
        new org.legosim.kernel.futex.FutexCosts(n, n, n),
        n,
        new org.legosim.kernel.signal.SignalCosts(n, n),
        n,
        n,
        n,
        n,
        n,
        n,
        new ShootdownCosts(n, nothing, delivery, n, nothing, n, n, n),
        share,
        new FpuParams(FpuParams.Feature.XSAVEOPT, 832, nothing, nothing),
        AllocParams.DEFAULT,
        Defaults.of(TracingParams.class),
        Defaults.of(FileParams.class));
  }

  /** One gigahertz, one cycle per instruction. */
  static CpuModel cpuModel() {
    Constant zero = new Constant("test.zero", 0, Status.ASSUMED);
    Constant gigahertz = new Constant("test.frequency", GIGAHERTZ, Status.ASSUMED);
    Constant cycle = new Constant("test.cycle", 1000, Status.ASSUMED);
    return new CpuModel(
        new CoreParams(CoreModel.IN_ORDER, gigahertz, cycle, zero, zero, 1),
        Defaults.of(CachesParams.class, Map.of("caches.model", "off")),
        Defaults.of(TlbParams.class, Map.of("tlb.model", "off")),
        Defaults.of(ProcessorDramParams.class));
  }

  static ProcessorParams params(int cpus) {
    return new ProcessorParams(
        1,
        cpus,
        1,
        cpus,
        1,
        Numbering.ALTERNATING,
        0,
        0,
        ProcessorParams.MemoryPlacement.LOCAL,
        100,
        ProcessNumbers.CAPTURED,
        SchedParams.DEFAULT,
        ProcessorParams.ReplayMode.PER_ADDRESS,
        20,
        ProcessorParams.AddressLayout.CAPTURED,
        new SmpParams(false),
        Defaults.of(JobParams.class));
  }

  static final class Machine implements NodeServices {
    final Simulation simulation;
    final ProcessorNode node;
    final LocalMemory.Shared shared;
    private int spaces;

    Machine(int cpus, boolean runAhead) {
      simulation = new Simulation(1, runAhead);
      shared = new LocalMemory.Shared(simulation.ledger(), costs());
      node = new ProcessorNode(simulation, "P0", params(cpus), costs(), cpuModel(), this);
    }

    Machine run(ListTrace trace) {
      node.load(trace, 0, 0);
      simulation.run();
      simulation.verifyQuiescent();
      assertEquals(0, node.livingTasks());
      return this;
    }

    String outcome() {
      StringBuilder out = new StringBuilder();
      for (Task task : node.tasks()) {
        long[] parts = new long[TimeCategory.values().length];
        task.clock.copyTo(parts);
        out.append(Arrays.toString(parts)).append(task.clock.totalPs()).append('\n');
      }
      return out + " end " + node.endPs() + " faults " + shared.faults();
    }

    @Override
    public KernelPath sendReply(KernelContext context) {
      return KernelPaths.NOTHING;
    }

    @Override
    public MemoryPaths memoryPaths(KernelContext context) {
      return new LocalMemory(context, shared);
    }

    @Override
    public boolean isRemote() {
      return false;
    }

    @Override
    public boolean policySeesHits() {
      return false;
    }

    @Override
    public int pageShift() {
      return 12;
    }

    @Override
    public long frames() {
      return 1 << 16;
    }

    @Override
    public int sets() {
      return 1;
    }

    @Override
    public int generation(int frame) {
      return 0;
    }

    @Override
    public void onHit(int frame) {}

    @Override
    public ProcessMemory createMemory(UserProcess process) {
      return LocalMemory.newSpace(spaces++);
    }

    @Override
    public void allTasksEnded() {}

    @Override
    public void loadImage(UserProcess process, ImagePlacement image) {}

    @Override
    public void stageImage(UserProcess process, ImagePlacement image) {}
  }

  @Test
  void oneMiss_costsTheSumOfItsSteps() {
    ListTrace trace = new ListTrace().process(1, 0);
    trace.thread(1, 1).access(AccessKind.LOAD, 0x1000, 8, 3).access(AccessKind.LOAD, 0x1008, 8, 2);
    Machine machine = new Machine(1, true).run(trace);
    Task task = machine.node.task(0);
    // switch 1 ns + 1 ns address space, entry 1, shared 1, fault 1, clear 4 KiB 4, return 1,
    // then 5 instructions at 1 GHz
    assertEquals(2_000, task.clock.ps(TimeCategory.SCHEDULER));
    assertEquals(2_000, task.clock.ps(TimeCategory.TRAP));
    assertEquals(
        2_000, task.clock.ps(TimeCategory.ALLOCATE) + task.clock.ps(TimeCategory.LOCK_WAIT));
    assertEquals(4_000, task.clock.ps(TimeCategory.COPY));
    assertEquals(5_000, task.clock.ps(TimeCategory.COMPUTE));
    assertEquals(15_000, machine.node.endPs());
    assertEquals(2, task.accesses);
    assertEquals(2, task.lookups);
    assertEquals(1, machine.shared.faults());
  }

  @Test
  void straddlingAccess_countsOnceAndLooksUpBothPages() {
    ListTrace trace = new ListTrace().process(1, 0);
    trace.thread(1, 1).access(AccessKind.STORE, 0x1ffc, 8, 1);
    Machine machine = new Machine(1, true).run(trace);
    assertEquals(1, machine.node.task(0).accesses);
    assertEquals(2, machine.node.task(0).lookups);
    assertEquals(2, machine.shared.faults());
  }

  @Test
  void gate_holdsUntilTheOtherThreadsRecordIsDone() {
    ListTrace trace = new ListTrace().process(1, 0);
    ListTrace.Writer first = trace.thread(1, 1);
    ListTrace.Writer second = trace.thread(1, 2);
    first.access(AccessKind.LOAD, 0x1000, 8, 10_000).access(AccessKind.ATOMIC, 0x1000, 8, 1);
    second.access(AccessKind.LOAD, 0x2000, 8, 1).access(AccessKind.ATOMIC, 0x1000, 8, 1);
    second.waitFor(1, first, 0, 1);
    Machine machine = new Machine(2, true).run(trace);
    long heldPs = machine.node.task(1).clock.ps(TimeCategory.REPLAY_ORDER);
    assertTrue(heldPs > 9_000_000, "held " + heldPs);
    assertTrue(machine.node.task(1).clock.totalPs() > machine.node.task(0).clock.totalPs());
  }

  @Test
  void runAhead_equalsThePlainEngine() {
    for (int cpus : new int[] {1, 2, 4}) {
      assertEquals(
          new Machine(cpus, false).run(busyTrace()).outcome(),
          new Machine(cpus, true).run(busyTrace()).outcome(),
          cpus + " CPUs");
    }
  }

  /** Five threads with faults, unmaps that shoot TLBs down, gates and futex waits. */
  private static ListTrace busyTrace() {
    ListTrace trace = new ListTrace().process(1, 0);
    ListTrace.Writer[] threads = new ListTrace.Writer[5];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = trace.thread(1, 1 + i);
    }
    long state = 42;
    for (int i = 0; i < threads.length; i++) {
      for (int k = 0; k < 400; k++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        long page = (state >>> 33) % 40;
        if (k % 50 == 49) {
          threads[i].enter(SyscallNumbers.MUNMAP, 0x1000 * page, 0x3000).leave(0);
        } else if (k % 50 == 48 && i > 0) {
          threads[i].enter(SyscallNumbers.FUTEX, 0x5000, FUTEX_PRIVATE_WAIT).leave(0);
          threads[i].waitFor(threads[i].size() - 1, threads[i - 1], i - 1, k);
        } else {
          int kind = (state >>> 60) % 3 == 0 ? AccessKind.STORE : AccessKind.LOAD;
          threads[i].access(
              kind, 0x1000 * page + (state >>> 40) % 4000, 8, 1 + (int) (state >>> 62));
        }
      }
    }
    return trace;
  }
}
