package org.legosim.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.core.Core;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.hardware.network.Network;
import org.legosim.hardware.network.NetworkParams;
import org.legosim.hardware.tlb.PageWalker;
import org.legosim.hardware.tlb.Tlb;
import org.legosim.hardware.tlb.TlbParams;
import org.legosim.timing.engine.RandomStream;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.AccessKind;

/** After warm-up an access through the whole hierarchy, or a message, allocates nothing. */
class AllocationTest {
  private static final long MEMORY_BYTES = 1L << 34;
  private static final int MEASURED_RUNS = 3;

  /** The least of a few runs: now and then the virtual machine allocates on a thread's behalf. */
  private static long allocatedBytes(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    work.run(); // warm-up
    long leastBytes = Long.MAX_VALUE;
    for (int run = 0; run < MEASURED_RUNS; run++) {
      long before = threads.getThreadAllocatedBytes(id);
      work.run();
      leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(id) - before);
    }
    return leastBytes;
  }

  @Test
  void counter_seesAnAllocation() {
    byte[][] kept = new byte[1][];
    long bytes = allocatedBytes(() -> kept[0] = new byte[1000]);
    assertTrue(bytes >= 1000 && bytes < 1100, bytes + " bytes");
  }

  @Test
  void accesses_allocateNothing() {
    Simulation simulation = new Simulation(1);
    CachesParams caches = Defaults.of(CachesParams.class, "caches.llc.port=2 cycles");
    Core core = new Core(Defaults.of(CoreParams.class), simulation.ledger());
    SocketMemory socket = new SocketMemory(
        simulation,
        "socket",
        caches,
        core.frequency(),
        Defaults.of(ProcessorDramParams.class).config(),
        MEMORY_BYTES);
    MemoryHierarchy memory =
        new MemoryHierarchy(simulation, "cpu", caches, core.frequency(), socket, MEMORY_BYTES);
    TlbParams params = Defaults.of(TlbParams.class);
    Tlb tlb = new Tlb(params);
    PageWalker walker = new PageWalker(params, core.frequency(), simulation.ledger());
    RandomStream random = simulation.stream("test");
    Runnable work = () -> {
      long nowPs = 0;
      for (int i = 0; i < 100_000; i++) {
        nowPs += core.instructions(3);
        long address = random.nextInt(8) == 0 ? random.nextInt(1 << 30) : i * 8L;
        int kind = AccessKind.LOAD + random.nextInt(3);
        nowPs = access(tlb, walker, memory, core, nowPs, address, kind);
      }
      memory.stream(nowPs, 8192, 4096, AccessKind.STORE);
      socket.deviceWrite(nowPs, 1 << 20, 4096);
      socket.deviceRead(nowPs, 1 << 21, 4096);
      memory.invalidate(1 << 20, 4096);
      tlb.flushAll();
      walker.flush();
    };
    assertEquals(0, allocatedBytes(work));
  }

  private static long access(
      Tlb tlb,
      PageWalker walker,
      MemoryHierarchy memory,
      Core core,
      long startPs,
      long address,
      int kind) {
    long nowPs = startPs;
    long page = address >>> 12;
    int found = tlb.lookup(page, AccessKind.writes(kind));
    if (found >= Tlb.NEEDS_DIRTY) {
      nowPs = walker.walk(nowPs, page, AllocationTest::entryAddress, memory);
      tlb.fill(page, page, true, AccessKind.writes(kind));
    }
    int served = memory.probePrivate(address, 8, kind);
    if (served == MemoryHierarchy.SHARED) {
      return nowPs + core.completed(nowPs, kind, memory.accessShared(nowPs));
    }
    return nowPs + core.hit(nowPs, kind, memory.latencyCycles(served));
  }

  private static long entryAddress(int level, long page) {
    return (1L << 33) + ((long) level << 24) + (page >>> (9 * level)) * 8;
  }

  @Test
  void messages_allocateNothing() {
    Network network = new Network(Defaults.of(NetworkParams.class), 4, new Simulation(1).ledger());
    long[] nowPs = {0};
    Runnable work = () -> {
      for (int i = 0; i < 20_000; i++) {
        nowPs[0] += 1_000_000;
        int message = network.transmit(nowPs[0], i & 3, (i + 1) & 3, i & 8191);
        network.deliver(message, network.atSwitchPs(message));
        network.chargeDelivery(message);
        network.release(message);
      }
    };
    assertEquals(0, allocatedBytes(work));
  }

  @Test
  void messagesPacketByPacket_allocateNothing() {
    Simulation simulation = new Simulation(1);
    NetworkParams params = Defaults.of(NetworkParams.class, "network.model=verbs");
    Network network = new Network(params, 4, 12, simulation);
    Runnable work = () -> {
      for (int i = 0; i < 5_000; i++) {
        int message = network.transmit(simulation.nowPs(), i & 3, (i + 1) & 3, i % 12, i & 8191);
        simulation.run();
        network.deliver(message, simulation.nowPs());
        network.chargeDelivery(message);
        network.release(message);
      }
    };
    assertEquals(0, allocatedBytes(work));
  }
}
