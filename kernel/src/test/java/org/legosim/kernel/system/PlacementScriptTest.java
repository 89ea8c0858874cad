package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Programs by hand over two memory nodes: which node gets what. Node 0 is the home. */
class PlacementScriptTest {
  /** Pages of 1 GiB. */
  private static final long RANGE = 1 << 18;

  /** Mappings go to node 0, 1, 0, 1 ...; one set of two lines. */
  private static Script inTurn() {
    return new Script(1, 2)
        .set("memory.nodes", "2")
        .set("memory.placement", "round-robin")
        .set("memory.placementInterval", "1")
        .set("pcache.zeroFill", "false");
  }

  @Test
  void eachRangeIsServedByItsNode_andOneNodesDirtyLineDoesNotTravelWithAnothersMiss() {
    Script script = inTurn().map(0, 4).map(RANGE, 4);
    // Line 0 is dirty and of node 0, line 1 clean and of node 1.
    script.write(0).read(RANGE);
    // Node 1's miss throws out page 0: to another node, so it goes alone.
    script.read(RANGE + 1);
    // Node 1's dirty page travels with node 1's miss.
    script.write(RANGE + 2).read(RANGE + 3).read(RANGE);
    String r = "1:" + RANGE;
    assertEquals(
        String.join(
            " ",
            "M1:0@0.0",
            "M" + r + "@0.1",
            "D1:0@0.0",
            "F1:0@0.0",
            "M1:" + (RANGE + 1) + "@0.0",
            "E" + r + "@0.1",
            "M1:" + (RANGE + 2) + "@0.1",
            "E1:" + (RANGE + 1) + "@0.0",
            "M1:" + (RANGE + 3) + "@0.0",
            "D1:" + (RANGE + 2) + "@0.1",
            "P" + r + "@0.1",
            "U" + r + "@0.1",
            "U1:" + (RANGE + 3) + "@0.0"),
        script.run());
    assertEquals(1, script.nr("pcache_fill_from_memory_piggyback_fallback"));
    assertEquals(1, script.nr("clflush_piggyback_fallback"));
    assertEquals(1, script.memoryNode(0).misses());
    assertEquals(1, script.memoryNode(0).flushes());
    assertEquals(5, script.memoryNode(1).misses());
    assertEquals(1, script.memoryNode(1).flushes());
    // Every mmap asks the monitor; only what is for node 1 goes there.
    assertEquals(2, script.memoryNode(0).mmaps());
    assertEquals(2, script.memoryNode(0).consultations());
    assertEquals(1, script.memoryNode(1).partMaps());
    assertEquals(1, script.pagesAt(0));
    assertEquals(4, script.pagesAt(1));
  }

  @Test
  void aRangeKeepsItsNodeAsLongAsSomethingIsMapped() {
    // The second and third mapping are in node 0's range whatever the monitor says.
    Script script = inTurn().map(0, 2).map(4, 2).map(8, 2).read(0, 4, 8);
    // All of it goes: the range is free, and the fourth mapping makes it node 1's.
    script.unmap(0, 16).map(0, 2).read(0);
    script.run();
    assertEquals(4, script.memoryNode(0).consultations());
    assertEquals(3, script.memoryNode(0).misses());
    assertEquals(1, script.memoryNode(1).misses());
    assertEquals(1, script.memoryNode(1).partMaps());
    assertEquals(0, script.memoryNode(1).partUnmaps());
    assertEquals(0, script.pagesAt(0));
    assertEquals(1, script.pagesAt(1));
  }

  @Test
  void aMappingOverABoundary_isSplit_unlessBothRangesAreNew() {
    // Ranges 0 and 1 come to node 0 with the first mapping, range 2 to node 1 with the second.
    Script script = inTurn().map(RANGE - 2, 4).map(2 * RANGE, 1).map(2 * RANGE - 2, 4);
    script.read(RANGE - 1, RANGE, 2 * RANGE - 1, 2 * RANGE).unmap(2 * RANGE - 2, 4);
    script.run();
    assertEquals(3, script.memoryNode(0).misses());
    assertEquals(1, script.memoryNode(1).misses());
    assertEquals(2, script.memoryNode(1).partMaps());
    assertEquals(1, script.memoryNode(1).partUnmaps());
  }

  @Test
  void mremapIntoANewRange_staysWithItsNode_intoAnothers_carriesThePages() {
    Script script = inTurn().map(0, 4).map(RANGE, 4).write(RANGE, RANGE + 1);
    // A range of its own: node 1 renames its pages.
    script.remap(RANGE, 4, 2 * RANGE, 4).read(2 * RANGE);
    // Node 0's range: two pages leave node 1, in one message.
    script.remap(2 * RANGE, 4, 8, 6).read(8, 9, 12);
    script.run();
    assertEquals(2, script.memoryNode(1).partMoves());
    assertEquals(0, script.pagesAt(1));
    assertEquals(3, script.pagesAt(0));
    assertEquals(0, script.memoryNode(0).segmentationFaults());
    assertEquals(0, script.memoryNode(1).segmentationFaults());
    // Dirty lines moved along in the pcache; the page behind the old end is node 0's only miss.
    assertEquals(2, script.memoryNode(1).misses());
  }

  @Test
  void fork_asksEveryNode_andTheChildFindsItsPagesWhereItsParentHasThem() {
    Script script = inTurn().map(0, 2).map(RANGE, 2).write(0, RANGE).fork(2);
    // The parent's copies are still in the pcache; two pages of node 1 push them out.
    script.by(2).read(RANGE, 0);
    script.run();
    assertEquals(1, script.memoryNode(0).forks());
    assertEquals(1, script.memoryNode(1).partForks());
    assertEquals(1, script.pagesAt(0));
    assertEquals(1, script.pagesAt(1));
    assertEquals(0, script.memoryNode(1).segmentationFaults());
  }

  @Test
  void theHeapStaysHome_andGrowsIntoWhateverOwnsTheNextRange() {
    // Range 1 is node 1's. The heap begins before it, and its last page is in it.
    Script script = inTurn().map(4 * RANGE, 1).map(RANGE + 8, 1);
    script.brk(RANGE - 2).brk(RANGE + 1).read(RANGE - 1, RANGE).brk(RANGE - 1);
    script.run();
    assertEquals(1, script.memoryNode(0).misses());
    assertEquals(1, script.memoryNode(1).misses());
    assertEquals(1, script.memoryNode(1).partUnmaps());
    assertEquals(1, script.pagesAt(0));
    assertEquals(0, script.pagesAt(1));
  }

  @Test
  void trafficKnowsOnlyWhatWasReported() {
    // Nothing was reported yet: equals go to the later node, four mappings in a row.
    Script script = new Script(4, 8).set("memory.nodes", "2").set("pcache.zeroFill", "false");
    for (int i = 0; i < 8; i++) {
      script.map(i * RANGE, 1).read(i * RANGE);
    }
    script.run();
    assertEquals(0, script.memoryNode(0).misses());
    assertEquals(8, script.memoryNode(1).misses());
    // With a report every microsecond the second four go to the node that had none.
    script.set("memory.statusInterval", "1 us").run();
    assertEquals(4, script.memoryNode(0).misses());
    assertEquals(4, script.memoryNode(1).misses());
  }

  @Test
  void placementHome_asksNobody() {
    Script script = inTurn().set("memory.placement", "home");
    script.map(0, 1).map(RANGE, 1).read(0, RANGE).run();
    assertEquals(0, script.memoryNode(0).consultations());
    assertEquals(2, script.memoryNode(0).misses());
    assertEquals(0, script.memoryNode(1).handled());
  }
}
