package org.legosim.kernel.pcache;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.legosim.kernel.pcache.PcacheHarness.page;

import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Everything that the watch judges is seen to fail when it is broken, and to pass while a path is at it. */
class PcacheWatchTest {
  private PcacheHarness harness;
  private Pcache pcache;
  private AddressSpace space;

  @BeforeEach
  void fill() {
    harness = new PcacheHarness(PcacheHarness.perSetList(4, 4));
    pcache = harness.pcache;
    space = harness.space(1);
    harness.cpu().map(space, page(16), 8).write(space, page(0), page(4), page(1), page(17));
    harness.run();
  }

  private int lineOf(long number) {
    return Pte.line(space.pte(page(number)));
  }

  private void settle() {
    Objects.requireNonNull(pcache.watch).settled(harness.cpus.get(0));
  }

  private void breaks(String expected, Runnable damage) {
    String message = assertThrows(InvariantViolation.class, () -> {
          damage.run();
          settle();
        })
        .getMessage();
    assertTrue(message.contains(expected), message);
  }

  private void set(long number, long entry) {
    space.makeTable(page(number)).set(page(number), entry);
  }

  @Test
  void pageWithTwoLines_namesPageAndBothPageFrames() {
    breaks(
        "page 0x7f0000000000 of address space 0 of tgid 1 has two lines: line 0 (set 0, way 0, page"
            + " frame 0x100000)",
        () -> {
          int fresh = pcache.free.take(0);
          set(0, Pte.of(fresh, Pte.FILLED));
          pcache.rmaps.add(fresh, space.index(), page(0));
        });
  }

  @Test
  void pageWithTwoLines_isAllowedWhileTheFormerOneIsLocked() {
    pcache.lines.tryLock(lineOf(0), harness.cpus.get(0));
    int former = lineOf(0);
    int fresh = pcache.free.take(0);
    pcache.lines.setReferences(fresh, 1);
    set(0, Pte.of(fresh, Pte.FILLED));
    pcache.rmaps.add(fresh, space.index(), page(0));
    pcache.rmaps.remove(former, pcache.rmaps.first(former));
    assertDoesNotThrow(this::settle);
  }

  @Test
  void entryOverwritten() {
    int line = lineOf(4);
    breaks("mismatched page-table entry and reverse mapping", () -> {
      set(4, Pte.of(lineOf(0), Pte.FILLED));
      pcache.watch.mapped(line, space.index(), page(4));
    });
  }

  @Test
  void entryInTheWrongSet() {
    breaks("belongs to set 2 but is mapped to line 0", () -> {
      int line = lineOf(0);
      set(0, Pte.NONE);
      set(2, Pte.of(line, Pte.FILLED));
      pcache.rmaps.relocate(line, pcache.rmaps.first(line), page(2));
    });
  }

  @Test
  void entryClearedAlone_unlessThePageTableIsLocked() {
    space.existingTable(page(0)).lock().acquire(harness.cpus.get(0));
    set(0, Pte.NONE);
    pcache.watch.mapped(lineOf(4), space.index(), page(4));
    pcache.watch.mapped(0, space.index(), page(0));
    assertDoesNotThrow(this::settle);
    space.existingTable(page(0)).lock().release(harness.cpus.get(0), 0);
    breaks("mismatched", () -> pcache.watch.mapped(0, space.index(), page(0)));
  }

  @Test
  void tooFewReferences() {
    breaks("too few references", () -> {
      pcache.lines.setReferences(lineOf(0), 0);
      pcache.watch.mapped(lineOf(0), space.index(), page(0));
    });
  }

  @Test
  void validWithoutAMapping() {
    breaks("is valid without a mapping", () -> {
      int line = lineOf(0);
      pcache.rmaps.removeAll(line);
      pcache.lines.add(line, Lines.VALID);
      set(0, Pte.NONE);
    });
  }

  @Test
  void lineFreedFromItsList_andLineFreedTwice() {
    breaks("freed although it is on its list", () -> pcache.free.give(lineOf(0)));
    int held = pcache.free.take(0);
    pcache.free.give(held);
    breaks("freed although it is free", () -> pcache.free.give(held));
  }

  @Test
  void lineParkedTwiceOrFromItsList() {
    breaks(
        "parked although it is on its list",
        () -> pcache.slots.park(3, lineOf(0), 1, page(0), 1, 0));
  }

  @Test
  void lineLost_isMissedWhenItsSetIsTouched() {
    breaks("set 0 of 4 ways has", () -> {
      pcache.sets.chunk(0).listed[Sets.slot(0)]--;
      pcache.watch.mapped(lineOf(0), space.index(), page(0));
    });
  }
}
