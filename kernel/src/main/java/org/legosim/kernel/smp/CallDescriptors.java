package org.legosim.kernel.smp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.InvariantViolation;

/** The call descriptors of a node: each CPU has one for each other one, once it is prepared. */
public final class CallDescriptors {
  private final int cpus;
  private final SmpDefects defects;
  /** By caller, then by target; made when it is used first. */
  private @Nullable CallDescriptor[] @Nullable [] ofCaller;

  /**
   * @param cpus CPUs that can be called
   */
  public CallDescriptors(int cpus, SmpDefects defects) {
    this.cpus = cpus;
    this.defects = defects;
    this.ofCaller = new CallDescriptor[cpus][];
  }

  /** A CPU that comes up gets its descriptors. CPU 0 is the first. */
  public void prepare(int caller) {
    if (caller >= ofCaller.length) {
      ofCaller = Arrays.copyOf(ofCaller, caller + 1);
    }
    // LEGOOS-BUG: F-5, a CPU's variables are a copy of CPU 0's, with a pointer to CPU 0's
    // descriptors.
    boolean isCopy = defects.sharesDescriptors() && caller > 0;
    ofCaller[caller] = isCopy ? ofCaller[0] : new CallDescriptor[cpus];
  }

  /**
   * The descriptor by which {@code caller} calls {@code target}.
   *
   * @throws InvariantViolation when the caller's have never been prepared
   */
  public CallDescriptor of(int caller, int target, long timePs) {
    CallDescriptor[] all = caller < ofCaller.length ? ofCaller[caller] : null;
    if (all == null) {
      throw new InvariantViolation("NULL call descriptors: CPU "
          + caller
          + " calls CPU "
          + target
          + " at "
          + timePs
          + " ps and has none: smpcfd_prepare_cpu has not run for it");
    }
    CallDescriptor found = all[target];
    if (found == null) {
      found = new CallDescriptor(all == ofCaller[0] ? 0 : caller, target);
      all[target] = found;
    }
    return found;
  }
}
