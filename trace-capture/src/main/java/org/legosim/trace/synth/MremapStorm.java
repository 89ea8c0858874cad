package org.legosim.trace.synth;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ThreadWriter;

/**
 * Threads that map, grow, shrink, move and unmap small areas all the time and touch pages of them in between. Addresses are
 * used again, so that what a page held before and what it holds now can be mixed up by a wrong model. With {@code --shared},
 * areas made by one thread are touched, moved and unmapped by others.
 */
final class MremapStorm implements Generator {
  private static final int AREA_PAGES_MOST = 32;
  /** An area has room to grow in its slot; slots lie side by side. */
  private static final int SLOT_PAGES = 2 * AREA_PAGES_MOST;

  private static final long READ_WRITE = 3;
  private static final long PRIVATE_ANONYMOUS = 0x22;
  private static final long MAYMOVE = 1;
  private static final long MAYMOVE_FIXED = 3;

  @Override
  public String kind() {
    return "mremap-storm";
  }

  @Override
  public String description() {
    return "small areas mapped, grown, shrunk, moved and unmapped all the time";
  }

  @Override
  public Set<SynthOption> options() {
    return Set.of(SynthOption.SHARED, SynthOption.WRITES, SynthOption.BURST);
  }

  @Override
  public int usualWritePercent() {
    return 50;
  }

  @Override
  public void write(SynthOptions options, LtraceWriter writer, LongConsumer progress) {
    int threads = options.threads();
    int arenas = options.isShared() ? 1 : threads;
    int slots = (int) Math.max(4, (options.pages() + AREA_PAGES_MOST - 1) / AREA_PAGES_MOST);
    long arenaPages = (long) slots * SLOT_PAGES;
    Scene.requireRoom(arenas * Scene.regionBytes(arenaPages));
    Scene scene = new Scene(writer, options);
    scene.begin(kind(), List.of());
    scene.startThreads(threads);
    SplitMix64 random = new SplitMix64(options.seed());
    List<Arena> all = new ArrayList<>();
    for (int i = 0; i < arenas; i++) {
      all.add(
          new Arena(scene, options, random, Scene.DATA + i * Scene.regionBytes(arenaPages), slots));
    }
    long left = options.accesses();
    for (long round = 0; left > 0; round++) {
      int caller = (int) (round % threads);
      int toucher = options.isShared() ? (int) random.below(threads) : caller;
      Arena arena = all.get(options.isShared() ? 0 : caller);
      Area area = arena.change(scene.thread(caller));
      if (area != null) {
        int count = (int) Math.min(left, options.burst());
        arena.touch(scene.thread(toucher), area, count);
        left -= count;
      }
      progress.accept(options.accesses() - left);
    }
    for (int i = 0; i < arenas; i++) {
      all.get(i).unmapAll(scene.thread(i));
    }
    scene.finish();
  }

  /** One mapping. */
  private static final class Area {
    int slot;
    long pages;

    Area(int slot, long pages) {
      this.slot = slot;
      this.pages = pages;
    }
  }

  /** The areas that are mapped, and the slots that are free. */
  private static final class Arena {
    private final Scene scene;
    private final SynthOptions options;
    private final SplitMix64 random;
    private final long base;
    private final List<Area> areas = new ArrayList<>();
    private final int[] freeSlots;
    private int freeCount;
    private long mappedPages;

    Arena(Scene scene, SynthOptions options, SplitMix64 random, long base, int slots) {
      this.scene = scene;
      this.options = options;
      this.random = random;
      this.base = base;
      this.freeSlots = new int[slots];
      for (freeCount = 0; freeCount < slots; freeCount++) {
        freeSlots[freeCount] = freeCount;
      }
    }

    /** Makes one call. @return the area that it made or changed; none when it ended one */
    @Nullable
    Area change(ThreadWriter out) {
      long choice = random.below(16);
      if (areas.isEmpty() || (choice < 5 && canMap())) {
        return map(out);
      }
      Area area = areas.get((int) random.below(areas.size()));
      if (choice < 8) {
        unmap(out, area);
        return null;
      }
      if (choice < 11) {
        resize(out, area, 1 + random.below(area.pages));
      } else if (choice < 14 && mappedPages + AREA_PAGES_MOST <= options.pages()) {
        resize(out, area, area.pages + random.below(AREA_PAGES_MOST - area.pages + 1));
      } else {
        move(out, area, MAYMOVE_FIXED, area.pages);
      }
      return area;
    }

    void touch(ThreadWriter out, Area area, int count) {
      long start = start(area.slot);
      for (int i = 0; i < count; i++) {
        long address = start + (random.below(area.pages) << Scene.PAGE_SHIFT);
        if (random.below(100) < options.writePercent()) {
          scene.store(out, address, 1);
        } else {
          scene.load(out, address, 0);
        }
      }
      out.order();
    }

    void unmapAll(ThreadWriter out) {
      while (!areas.isEmpty()) {
        unmap(out, areas.get(areas.size() - 1));
      }
    }

    private boolean canMap() {
      return freeCount > 1 && mappedPages + AREA_PAGES_MOST <= options.pages();
    }

    private Area map(ThreadWriter out) {
      long most = Math.min(AREA_PAGES_MOST, options.pages());
      Area area = new Area(takeSlot(), 1 + random.below(most));
      scene.enter(out, Scene.MMAP, 0, bytes(area.pages), READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
      out.syscallReturn(start(area.slot), List.of());
      mappedPages += area.pages;
      areas.add(area);
      return area;
    }

    private void unmap(ThreadWriter out, Area area) {
      scene.enter(out, Scene.MUNMAP, start(area.slot), bytes(area.pages));
      out.syscallReturn(0, List.of());
      areas.remove(area);
      mappedPages -= area.pages;
      freeSlots[freeCount++] = area.slot;
    }

    /** Half of the areas that grow find no room where they are. */
    private void resize(ThreadWriter out, Area area, long pages) {
      if (pages > area.pages && freeCount > 0 && random.below(2) == 0) {
        move(out, area, MAYMOVE, pages);
        return;
      }
      long start = start(area.slot);
      scene.enter(out, Scene.MREMAP, start, bytes(area.pages), bytes(pages), MAYMOVE, 0);
      out.syscallReturn(start, List.of());
      mappedPages += pages - area.pages;
      area.pages = pages;
    }

    private void move(ThreadWriter out, Area area, long flags, long pages) {
      int from = area.slot;
      area.slot = takeSlot();
      long to = start(area.slot);
      scene.enter(
          out,
          Scene.MREMAP,
          start(from),
          bytes(area.pages),
          bytes(pages),
          flags,
          flags == MAYMOVE_FIXED ? to : 0);
      out.syscallReturn(to, List.of());
      freeSlots[freeCount++] = from;
      mappedPages += pages - area.pages;
      area.pages = pages;
    }

    private int takeSlot() {
      int at = (int) random.below(freeCount);
      int slot = freeSlots[at];
      freeSlots[at] = freeSlots[--freeCount];
      return slot;
    }

    /** Slots lie a power of two apart, every other one a page further: a move may or may not change the set. */
    private long start(int slot) {
      return base + bytes((long) slot * SLOT_PAGES + (slot & 1));
    }

    private static long bytes(long pages) {
      return pages << Scene.PAGE_SHIFT;
    }
  }
}
