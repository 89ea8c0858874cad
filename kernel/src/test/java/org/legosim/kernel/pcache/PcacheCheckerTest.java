package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Every invariant of the checker is seen to fail when it is broken. */
class PcacheCheckerTest {
  private PcacheHarness harness;
  private Pcache pcache;
  private AddressSpace space;

  @BeforeEach
  void fill() {
    harness = PcacheHarness.unwatched(PcacheHarness.perSetList(4, 2));
    pcache = harness.pcache;
    space = harness.space(1);
    harness.cpu().map(space, page(16), 8).write(space, page(0), page(4), page(1), page(17));
    harness.run();
  }

  private void breaks(String expected, Runnable damage) {
    new PcacheChecker(pcache).check();
    damage.run();
    String message = assertThrows(InvariantViolation.class, () -> new PcacheChecker(pcache).check())
        .getMessage();
    assertTrue(message.contains(expected), message);
  }

  private int lineOf(long number) {
    return Pte.line(space.pte(page(number)));
  }

  private void line(long number, Consumer<Integer> damage) {
    damage.accept(lineOf(number));
  }

  @Test
  void entryThatWasClearedAlone() {
    breaks(
        "mismatched page-table entry and reverse mapping: page 0x7f0000000000",
        () -> space.existingTable(page(0)).set(page(0), Pte.NONE));
  }

  @Test
  void entryOfAnotherSet() {
    breaks("references, mappings and 0", () -> {
      int line = lineOf(0);
      pcache.rmaps.removeAll(line);
      space.existingTable(page(0)).set(page(0), Pte.NONE);
      space.existingTable(page(2)).set(page(2), Pte.of(line, Pte.FILLED));
    });
  }

  @Test
  void entryInTheWrongSet() {
    breaks("belongs to set 2 but is mapped to", () -> {
      int line = lineOf(0);
      pcache.rmaps.relocate(line, pcache.rmaps.first(line), page(2));
      space.existingTable(page(0)).set(page(0), Pte.NONE);
      space.existingTable(page(2)).set(page(2), Pte.of(line, Pte.FILLED));
    });
  }

  @Test
  void entryWithoutReverseMapping() {
    breaks("is mapped to a line that does not know it", () -> {
      space.existingTable(page(8)).set(page(8), Pte.of(lineOf(0), Pte.FILLED));
    });
  }

  @Test
  void badEntry() {
    breaks("bad entry", () -> space.existingTable(page(8)).set(page(8), 1 << 9));
  }

  @Test
  void lostReference() {
    breaks("references, mappings and 1", () -> line(0, l -> pcache.lines.setReferences(l, 2)));
  }

  @Test
  void lineLeftLocked() {
    breaks("in flight", () -> line(0, l -> pcache.lines.tryLock(l, harness.cpus.get(0))));
  }

  @Test
  void lineLeftInReclaim() {
    breaks("in flight", () -> line(0, l -> pcache.lines.add(l, Lines.RECLAIM)));
  }

  @Test
  void lineFreedTwice() {
    breaks("ways of set 0", () -> line(0, pcache.free::give));
  }

  @Test
  void lineOffItsList() {
    breaks("ways of set 0", () -> line(0, pcache.replacement::remove));
  }

  @Test
  void brokenLink() {
    breaks("wrong link", () -> line(0, l -> pcache.lines.setPrevious(l, l)));
  }

  @Test
  void parkedLineLeftBehind() {
    breaks("parked in the slot of CPU 3", () -> pcache.slots.park(3, lineOf(0), 1, page(0), 1, 0));
  }

  @Test
  void evictionEntryLeftBehind() {
    breaks(
        "pages of set 0 on the eviction list",
        () -> pcache.evictions.add(lineOf(0), 1, page(0), 1));
  }

  @Test
  void pageTableLeftLocked() {
    breaks(
        "although nothing is under way",
        () -> space.existingTable(page(0)).lock().acquire(harness.cpus.get(0)));
  }

  @Test
  void countersThatDisagree() {
    breaks("pcache_eviction_triggered", () -> pcache.counters.evictionSucceed++);
  }

  @Test
  void missesThatDoNotAddUp() {
    breaks("pgfault and the misses", () -> pcache.counters.missRemote++);
  }

  @Test
  void usedLinesThatDisagree() {
    breaks("lines in use", () -> pcache.counters.usedLines++);
  }

  @Test
  void unflushedVictimOfAPageThatIsPresent() {
    breaks("waits for its flush in victim cache entry 0", () -> {
      int entry = pcache.victims.take();
      pcache.victims.addHit(entry, 1, page(0), 1);
      pcache.victims.publish(entry, 0, harness.cpus.get(0));
      pcache.victims.finish(entry, true, harness.cpus.get(0));
      pcache.counters.victimFinishInsert--;
    });
  }

  @Test
  void tailOfAList() {
    breaks("tail of the list of set 0", () -> pcache.sets.chunk(0).tail[0] = lineOf(4));
  }

  @Test
  void lengthOfAList() {
    breaks("length of the list of set 0", () -> pcache.sets.chunk(0).listed[0]++);
  }

  @Test
  void lineOnTheListOfAnotherSet() {
    breaks("on the list of set 0", () -> {
      int stray = lineOf(1);
      pcache.lines.setPrevious(pcache.replacement.head(0), stray);
      pcache.lines.setNext(stray, pcache.replacement.head(0));
      pcache.sets.chunk(0).head[0] = stray;
    });
  }

  @Test
  void listedLineWithoutAMapping() {
    breaks("on a list without a mapping", () -> {
      int line = lineOf(0);
      pcache.rmaps.removeAll(line);
      pcache.lines.setReferences(line, 0);
    });
  }

  @Test
  void mappingCountThatDisagrees() {
    breaks("references, mappings and 1", () -> line(0, l -> pcache.lines.setMappings(l, 2)));
  }

  @Test
  void usableVictimThatIsOnNoList() {
    breaks("usable victim cache entries", () -> {
      int entry = pcache.victims.take();
      pcache.victims.addHit(entry, 7, page(9), 1);
      pcache.victims.publish(entry, 1, harness.cpus.get(0));
      // taken twice: the entry counts once, the list has it twice
      pcache.victims.publish(entry, 1, harness.cpus.get(0));
    });
  }

  @Test
  void identitiesOfCounters() {
    breaks("pset_list_lookup", () -> pcache.counters.psetListLookup++);
    pcache.counters.psetListLookup--;
    breaks("pcache_rmap_alloc", () -> pcache.counters.rmapAlloc++);
    pcache.counters.rmapAlloc--;
    breaks("pcache_pee_alloc", () -> pcache.counters.peeFree++);
    pcache.counters.peeFree--;
    breaks("victim_eviction_triggered", () -> pcache.counters.victimEvictionEagain++);
    pcache.counters.victimEvictionEagain--;
    breaks("victim_flush_submitted_dirty", () -> pcache.counters.victimFlushFinishedDirty++);
    pcache.counters.victimFlushFinishedDirty--;
    breaks("victim_finish_insert", () -> pcache.counters.victimFinishInsert++);
    pcache.counters.victimFinishInsert--;
    breaks("pgfault_wp", () -> pcache.counters.pgfaultWpReuse++);
  }
}
