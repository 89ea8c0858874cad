package org.legosim.hardware.core;

import org.legosim.timing.Frequency;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.trace.AccessKind;

/**
 * One core's time: how long instructions take, and how long each access holds the core up. It keeps
 * only the fraction of a picosecond and its store buffer; where the core is in time is its caller's.
 *
 * <p>For each access the caller asks the caches, then calls {@link #hit} for a private level or
 * {@link #completed} once a shared level has answered, and adds the result to its time.
 *
 * <p>In-order: a load or fetch stalls for its latency beyond what the pipeline hides; a store enters
 * the store buffer and stalls only when that is full; an atomic waits until the buffer is empty and
 * then stalls like a load.
 *
 * <p>Left out: branches, dependences between instructions, ports, hyperthreads; the level
 * {@code window} is for these.
 */
@HotPath
public final class Core {
  private final boolean isFixed;
  private final Frequency frequency;
  private final CycleClock clock;
  private final long instructionMilli;
  private final long accessMilli;
  private final long hiddenCycles;
  private final long hiddenPs;
  private final long mostInstructions;
  private final StoreBuffer stores;
  private final Cost instructionCost;
  private final Cost accessCost;

  public Core(CoreParams params, Ledger ledger) {
    isFixed = params.model() == CoreModel.FIXED;
    frequency = new Frequency(params.frequencyHz().value());
    clock = new CycleClock(frequency);
    instructionMilli = params.cyclesPerInstructionMilli().value();
    accessMilli = params.cyclesPerAccessMilli().value();
    hiddenCycles = params.hiddenLoadCycles().value();
    hiddenPs = frequency.durationPs(hiddenCycles);
    mostInstructions =
        instructionMilli == 0 ? Long.MAX_VALUE : clock.mostMilliCycles() / instructionMilli;
    stores = new StoreBuffer(params.storeBufferEntries());
    instructionCost = ledger.cost(params.cyclesPerInstructionMilli());
    accessCost = ledger.cost(params.cyclesPerAccessMilli());
  }

  public Frequency frequency() {
    return frequency;
  }

  /** Time of instructions that do not wait for memory. */
  public long instructions(long count) {
    long ps = 0;
    long rest = count;
    while (rest > mostInstructions) {
      ps += clock.milliCycles(mostInstructions * instructionMilli);
      rest -= mostInstructions;
    }
    ps += clock.milliCycles(rest * instructionMilli);
    instructionCost.chargePs(ps);
    return ps;
  }

  /**
   * Hold-up of an access that a private level serves.
   *
   * @param kind an {@link AccessKind}
   * @param latencyCycles from issue to use
   */
  public long hit(long nowPs, int kind, int latencyCycles) {
    if (isFixed) {
      return fixedPs();
    }
    if (kind <= AccessKind.LOAD) {
      return latencyCycles <= hiddenCycles ? 0 : clock.cycles(latencyCycles - hiddenCycles);
    }
    if (kind == AccessKind.STORE) {
      // A hit behind nothing leaves at once; its own latency is hidden by the buffer.
      return stores.isEmptyAt(nowPs) ? 0 : stores.enter(nowPs, nowPs);
    }
    long drainPs = stores.drain(nowPs);
    return drainPs
        + (latencyCycles <= hiddenCycles ? 0 : clock.cycles(latencyCycles - hiddenCycles));
  }

  /** Hold-up of an access, issued at {@code nowPs}, whose line is there at {@code completionPs}. */
  public long completed(long nowPs, int kind, long completionPs) {
    if (isFixed) {
      return fixedPs();
    }
    if (kind == AccessKind.STORE) {
      return stores.enter(nowPs, completionPs);
    }
    long latencyPs = Math.max(0, completionPs - nowPs - hiddenPs);
    return kind == AccessKind.ATOMIC ? stores.drain(nowPs) + latencyPs : latencyPs;
  }

  private long fixedPs() {
    long ps = clock.milliCycles(accessMilli);
    accessCost.chargePs(ps);
    return ps;
  }

  /** Wait until every store has left: a fence, a system call's serialisation, a context switch. */
  public long drain(long nowPs) {
    return stores.drain(nowPs);
  }

  /** Time of a whole number of cycles, fraction carried. */
  public long cycles(long count) {
    return clock.cycles(count);
  }
}
