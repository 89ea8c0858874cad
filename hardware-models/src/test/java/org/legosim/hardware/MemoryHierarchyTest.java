package org.legosim.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.hardware.cache.CachesParams;
import org.legosim.hardware.dram.ProcessorDramParams;
import org.legosim.timing.Frequency;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.AccessKind;

class MemoryHierarchyTest {
  private static final long MEMORY_BYTES = 1L << 34;
  private static final Frequency CORE = new Frequency(2_400_000_000L);

  private final Simulation simulation = new Simulation(1);
  private SocketMemory socket = socket();
  private MemoryHierarchy memory = cpu(socket);

  private SocketMemory socket(String... settings) {
    CachesParams params = Defaults.of(CachesParams.class, settings);
    ProcessorDramParams dram = Defaults.of(
        ProcessorDramParams.class,
        "processor.dram.model=fixed",
        "processor.dram.latency=40 ns",
        "processor.dram.path=20 ns");
    return new SocketMemory(simulation, "socket", params, CORE, dram.config(), MEMORY_BYTES);
  }

  private MemoryHierarchy cpu(SocketMemory shared, String... settings) {
    CachesParams params = Defaults.of(CachesParams.class, settings);
    return new MemoryHierarchy(simulation, "cpu", params, CORE, shared, MEMORY_BYTES);
  }

  private void use(String... settings) {
    socket = socket(settings);
    memory = cpu(socket, settings);
  }

  /** At 2.4 GHz: L1 4 cycles 1,667 ps; L2 12 cycles 5,000 ps; LLC 44 cycles 18,334 ps; DRAM 60 ns. */
  @Test
  void idleAccesses_takeTheirLevelsLatencies() {
    assertEquals(1_000 + 18_334 + 60_000, memory.access(1_000, 4096, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.DRAM, memory.servedBy());
    assertEquals(1_000 + 1_667, memory.access(1_000, 4096 + 56, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.L1, memory.servedBy());
    MemoryHierarchy other = cpu(socket);
    assertEquals(1_000 + 18_334, other.access(1_000, 4096, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.LLC, other.servedBy());
    for (int way = 1; way <= 8; way++) {
      memory.access(0, 4096 + way * 4096L, 8, AccessKind.LOAD); // one set of the first level
    }
    assertEquals(1_000 + 5_000, memory.access(1_000, 4096, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.L2, memory.servedBy());
  }

  @Test
  void twoSteps_areTheOneStep() {
    assertEquals(MemoryHierarchy.SHARED, memory.probePrivate(64, 8, AccessKind.STORE));
    assertEquals(78_334, memory.accessShared(0));
    assertEquals(MemoryHierarchy.L1, memory.probePrivate(64, 8, AccessKind.LOAD));
    memory.verifyQuiescent();
    assertEquals(MemoryHierarchy.SHARED, memory.probePrivate(1 << 20, 8, AccessKind.LOAD));
    assertThrows(ModelException.class, memory::verifyQuiescent);
  }

  @Test
  void straddlingAccess_touchesBothLinesAndTakesTheSlower() {
    memory.access(0, 0, 8, AccessKind.LOAD);
    assertEquals(MemoryHierarchy.SHARED, memory.probePrivate(60, 8, AccessKind.LOAD));
    assertEquals(78_334, memory.accessShared(0));
    assertEquals(MemoryHierarchy.L1, memory.probePrivate(60, 8, AccessKind.LOAD));
    assertEquals(2, memory.first().misses());
    assertEquals(3, memory.first().hits());
  }

  @Test
  void accessBeyondMemory_isADefect() {
    assertThrows(ModelException.class, () -> memory.probePrivate(MEMORY_BYTES, 8, AccessKind.LOAD));
  }

  /** A dirty line goes down level by level and is written to DRAM once, when the LLC evicts it. */
  @Test
  void dirtyLine_reachesDramOnce() {
    use(
        "caches.l1d.size=64 B",
        "caches.l1d.ways=1",
        "caches.l2.size=64 B",
        "caches.l2.ways=1",
        "caches.llc.size=64 B",
        "caches.llc.ways=1",
        "caches.llc.slices=1");
    memory.access(0, 0, 8, AccessKind.STORE);
    assertEquals(0, socket.dram().statistics().writes());
    memory.access(0, 64, 8, AccessKind.LOAD); // 0 leaves L1, goes to L2 and pushes 64 out there
    memory.access(0, 128, 8, AccessKind.LOAD);
    memory.access(0, 192, 8, AccessKind.LOAD);
    assertEquals(1, socket.dram().statistics().writes());
    assertEquals(4, socket.dram().statistics().reads());
  }

  @Test
  void levelsThatAreOff_passEverythingOn() {
    use("caches.l1d.size=off", "caches.l2.size=off", "caches.llc.size=off");
    assertEquals(60_000, memory.access(0, 0, 8, AccessKind.STORE));
    assertEquals(60_000, memory.access(0, 0, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.DRAM, memory.servedBy());
    assertEquals(2, socket.dram().statistics().reads());
    assertEquals(1, socket.dram().statistics().writes());
    use("caches.l2.size=off");
    assertEquals(78_334, memory.access(0, 0, 8, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.L1, memory.probePrivate(0, 8, AccessKind.LOAD));
  }

  /** Ten fill buffers: 64 lines of 78,334 ps each in seven rounds. */
  @Test
  void copiedPage_overlapsItsMisses() {
    assertEquals(7 * 78_334, memory.stream(0, 8192, 4096, AccessKind.LOAD));
    assertEquals(MemoryHierarchy.DRAM, memory.servedBy());
    assertEquals(1_667, memory.stream(0, 8192, 4096, AccessKind.STORE));
    assertEquals(MemoryHierarchy.L1, memory.servedBy());
    use("caches.fillBuffers=1");
    assertEquals(64 * 78_334, memory.stream(0, 8192, 4096, AccessKind.LOAD));
  }

  @Test
  void busySlice_makesTheNextAccessWait() {
    use(
        "caches.llc.slices=1",
        "caches.llc.size=16 MiB",
        "caches.llc.ways=16",
        "caches.llc.port=6 cycles");
    MemoryHierarchy other = cpu(socket);
    assertEquals(78_334, memory.access(0, 0, 8, AccessKind.LOAD));
    assertEquals(78_334 + 2_500, other.access(0, 64, 8, AccessKind.LOAD));
  }

  @Test
  void deviceWrites_landInTheSharedCacheAndInvalidateOnDemand() {
    memory.access(0, 4096, 8, AccessKind.STORE);
    socket.deviceWrite(0, 4096, 4096);
    memory.invalidate(4096, 4096);
    assertFalse(memory.first().holds(4096 >>> 6));
    assertFalse(memory.second().holds(4096 >>> 6));
    memory.access(0, 4096, 8, AccessKind.LOAD);
    assertEquals(MemoryHierarchy.LLC, memory.servedBy());
    assertTrue(socket.cache().holds((4096 >>> 6) + 63));
    assertEquals(0, socket.dram().statistics().writes());
    assertEquals(13_334, socket.deviceRead(0, 4096, 4096)); // 32 cycles of look-up
    assertEquals(13_334 + 60_000, socket.deviceRead(0, 1 << 20, 64));
    use("caches.llc.deviceWays=off");
    socket.deviceWrite(0, 4096, 4096);
    assertEquals(64, socket.dram().statistics().writes());
  }

  @Test
  void stalls_areChargedToTheirLevelsConstant() {
    memory.chargeStall(MemoryHierarchy.L2, 3_000);
    memory.chargeStall(MemoryHierarchy.LLC, 16_000);
    memory.chargeStall(MemoryHierarchy.DRAM, 70_000); // the rest is DRAM's own
    assertEquals(16_000 + 18_334, simulation.ledger().assumedPs());
  }
}
