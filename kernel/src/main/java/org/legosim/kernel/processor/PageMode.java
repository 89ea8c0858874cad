package org.legosim.kernel.processor;

import org.legosim.hardware.core.CoreModel;
import org.legosim.hardware.core.CoreParams;
import org.legosim.hardware.core.CycleClock;
import org.legosim.timing.Frequency;
import org.legosim.timing.ModelException;
import org.legosim.timing.Units;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.ThreadClock;
import org.legosim.timing.results.TimeCategory;
import org.legosim.timing.trace.AccessBatch;

/**
 * Page-level execution: no CPU caches and no TLB, every access costs its instructions. Used with
 * {@code caches.model: off}.
 */
@HotPath
final class PageMode implements UserMode {
  private static final int STORE_BIT_SHIFT = 9;
  private static final int KIND_SHIFT = 8;
  private static final int TO_SIGN_SHIFT = 63;

  private final PageFilter filter = new PageFilter();
  /** Of the unit of look-up, which is a sector of a page where pages have sectors. */
  private final int pageShift;

  private final int unitsPerPageShift;
  private final CycleClock cycles;
  private final long hertz;
  /** Thousandths of a cycle per instruction, and that each access adds. */
  private final long instructionMilli;

  private final long accessMilli;
  private final Cost instructionCost;
  private final Cost accessCost;
  private final Cost coldRecords;
  private final NodeServices hits;
  private final boolean reportsHits;
  private final AuditPoint audit;
  private final boolean observes;
  private long timePs;
  private long address;
  private boolean isStore;

  PageMode(
      CoreParams core, Ledger ledger, Cost coldRecords, NodeServices services, AuditPoint audit) {
    this.audit = audit;
    this.coldRecords = coldRecords;
    this.hertz = core.frequencyHz().value();
    this.cycles = new CycleClock(new Frequency(hertz));
    this.instructionMilli = core.cyclesPerInstructionMilli().value();
    this.accessMilli =
        core.model() == CoreModel.FIXED ? core.cyclesPerAccessMilli().value() : 0;
    this.instructionCost = ledger.cost(core.cyclesPerInstructionMilli());
    this.accessCost = ledger.cost(core.cyclesPerAccessMilli());
    this.pageShift = services.lookupShift();
    this.unitsPerPageShift = services.pageShift() - services.lookupShift();
    this.hits = services;
    this.reportsHits = services.policySeesHits();
    this.observes = reportsHits || audit.isOn();
  }

  @Override
  public int run(Task task, int stop, long startPs, long horizonPs) {
    AccessBatch batch = task.batch;
    long[] addresses = batch.address;
    int[] shapes = batch.shape;
    int[] counts = batch.instructions;
    long instructions = 0;
    long milliCycles = 0;
    long milliCyclesMax = milliCyclesUntil(startPs, horizonPs);
    int fetches = 0;
    int first = task.position;
    int i = first;
    int outcome = STOP;
    long lastPage = -1;
    long lastStore = 0;
    while (i < stop) {
      if (milliCycles >= milliCyclesMax && i > first) {
        outcome = HORIZON;
        break;
      }
      long at = addresses[i];
      int shape = shapes[i];
      long page = at >>> pageShift;
      long store = (long) (shape >>> STORE_BIT_SHIFT) << TO_SIGN_SHIFT;
      if (page != lastPage || (store & ~lastStore) != 0) {
        if (!filter.allows(page, store)) {
          outcome = walk(at, store);
          break;
        }
        lastPage = page;
        lastStore = store;
        if (observes) {
          observe(task, at, page, store, startPs);
        }
      }
      long end = at + AccessBatch.bytesOf(shape) - 1;
      if (end >>> pageShift != page) {
        lastPage = end >>> pageShift;
        lastStore = store;
        if (!filter.allows(lastPage, store)) {
          outcome = walk(end, store);
          break;
        }
        task.lookups++;
        if (observes) {
          observe(task, end, lastPage, store, startPs);
        }
      }
      fetches += shape >>> KIND_SHIFT == 0 ? 1 : 0;
      instructions += counts[i];
      milliCycles += counts[i] * instructionMilli + accessMilli;
      i++;
    }
    task.position = i;
    task.instructions += instructions;
    task.fetches += fetches;
    task.accesses += i - first - fetches;
    task.lookups += i - first;
    timePs = startPs + execute(instructions, i - first);
    return outcome;
  }

  private void observe(Task task, long at, long page, long store, long nowPs) {
    int frame = filter.frameOf(page);
    if (reportsHits) {
      hits.onHit(frame);
    }
    audit.access(task.tid, at, frame, store != 0, nowPs);
  }

  private long execute(long instructions, long accesses) {
    long instructionPs = cycles.milliCycles(instructions * instructionMilli);
    instructionCost.chargePs(instructionPs);
    if (accessMilli == 0) {
      return instructionPs;
    }
    long accessPs = cycles.milliCycles(accesses * accessMilli);
    accessCost.chargePs(accessPs);
    return instructionPs + accessPs;
  }

  private long milliCyclesUntil(long startPs, long horizonPs) {
    long windowPs = horizonPs - startPs;
    if (windowPs <= 0) {
      return 0;
    }
    // beyond a simulated second the exact number does not matter: a batch is shorter
    return windowPs >= Units.PS_PER_SECOND
        ? Long.MAX_VALUE
        : Units.mulDivCeil(windowPs, hertz, Units.PS_PER_SECOND / 1000);
  }

  private int walk(long at, long store) {
    address = at;
    isStore = store != 0;
    return WALK;
  }

  @Override
  public long elapse(long startPs, long instructions) {
    return startPs + execute(instructions, 0);
  }

  @Override
  public long timePs() {
    return timePs;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public boolean isStore() {
    return isStore;
  }

  @Override
  public long shared(Task task, long nowPs) {
    throw new ModelException("page-level execution has no shared cache");
  }

  @Override
  public long translated(long at, long frame, boolean mayStore, long nowPs) {
    filter.fill(at >>> pageShift, (int) frame, mayStore);
    return 0;
  }

  @Override
  public void invalidate(long at, long pages) {
    long page = at >>> pageShift;
    for (long i = 0; i < pages << unitsPerPageShift; i++) {
      filter.invalidate(page + i);
    }
  }

  @Override
  public void invalidateAll() {
    filter.invalidateAll();
  }

  @Override
  public boolean isPending() {
    return false;
  }

  @Override
  public long touchRecords(long at, long frame, long nowPs) {
    return coldRecords.charge();
  }

  @Override
  public void load(int space) {
    audit.load(space);
    filter.invalidateAll();
  }

  @Override
  public long dtlbMisses() {
    return 0;
  }

  @Override
  public long l1dMisses() {
    return 0;
  }

  @Override
  public long l2Misses() {
    return 0;
  }

  @Override
  public void settle(ThreadClock clock, long nowPs) {
    clock.stamp(TimeCategory.COMPUTE, nowPs);
  }
}
