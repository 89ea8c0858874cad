package org.legosim.kernel.smp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.kernel.fpu.KernelWarnings;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.ExecutionContext;

/**
 * What one CPU has another one do ({@code call_single_data}). Its lock is a bit that the caller sets, once the last
 * use is over, and that the target clears when it has done what was asked; the caller waits for that.
 *
 * <p>The bit is set by a look and a store, which nothing keeps together: a descriptor is one caller's own. Two
 * callers that use one can both find it free.
 */
public final class CallDescriptor {
  private final int caller;
  private final int target;
  private @Nullable FlushCall call;
  private boolean isLocked;
  private long freePs;
  private final List<FlushCall> awaiting = new ArrayList<>(1);
  private final List<ExecutionContext> spinning = new ArrayList<>(0);

  CallDescriptor(int caller, int target) {
    this.caller = caller;
    this.target = target;
  }

  /**
   * Looks whether the descriptor is free.
   *
   * @return false when the context must wait, and look again when it is resumed
   */
  public boolean isFree(ExecutionContext context) {
    if (isLocked) {
      spinning.add(context);
      context.beginWait("a call descriptor in use");
      return false;
    }
    if (freePs > context.nowPs()) {
      context.resumeAt(freePs);
      return false;
    }
    return true;
  }

  /** Takes the descriptor, which was found free, for a call. */
  public void lock(FlushCall newCall) {
    isLocked = true;
    call = newCall;
    awaiting.add(newCall);
  }

  /** What is to be done; whatever was stored last. */
  public FlushCall call() {
    FlushCall stored = call;
    if (stored == null) {
      throw new ModelException(describe() + " is queued and was never used");
    }
    return stored;
  }

  /**
   * The target has done it.
   *
   * @param actor the target, as an actor of the simulation
   * @param timePs when callers see it
   */
  public void unlock(int actor, long timePs, KernelWarnings warnings) {
    if (!isLocked) {
      warnings.once(
          "kernel/smp.c csd_unlock",
          "inconsistent: CPU "
              + target
              + " unlocks "
              + describe()
              + " at "
              + timePs
              + " ps, which nobody has locked");
    }
    isLocked = false;
    freePs = timePs;
    for (int i = 0; i < awaiting.size(); i++) {
      awaiting.get(i).unlocked(actor, target, timePs);
    }
    awaiting.clear();
    for (int i = 0; i < spinning.size(); i++) {
      spinning.get(i).wake(actor, timePs);
    }
    spinning.clear();
  }

  private String describe() {
    return "the call descriptor of CPU " + caller + " for CPU " + target;
  }
}
