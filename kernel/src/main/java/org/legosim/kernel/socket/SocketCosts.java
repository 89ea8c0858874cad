package org.legosim.kernel.socket;

import org.legosim.kernel.fit.FitCosts;
import org.legosim.kernel.fpu.FpuParams;
import org.legosim.kernel.processor.ProcessorCosts;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Ledger;

/**
 * What sockets cost beyond FIT. All of it is what other system calls pay as well: nothing here belongs to
 * sockets alone.
 *
 * @param entry into a system call
 * @param exit out of it
 * @param call looking up descriptor and socket
 * @param copy of a message between buffers; both sides lie in the caches
 * @param allocate taking or giving back a buffer
 * @param wakeUp of the reader that sleeps
 * @param contextSwitch from the idle thread to the reader
 * @param save of the registers at that switch
 * @param restore of them
 */
record SocketCosts(
    Cost entry,
    Cost exit,
    Cost call,
    Cost copy,
    Cost allocate,
    Cost wakeUp,
    Cost contextSwitch,
    Cost save,
    Cost restore) {
  static SocketCosts of(Ledger ledger, ProcessorCosts costs, FitCosts fit) {
    FpuParams fpu = costs.fpu();
    return new SocketCosts(
        ledger.cost(costs.syscallEntry()),
        ledger.cost(costs.syscallExit()),
        ledger.cost(costs.localCall()),
        ledger.cost(fit.copy()),
        ledger.cost(fit.allocate()),
        ledger.cost(costs.wakeUp()),
        ledger.cost(costs.contextSwitch()),
        ledger.cost(fpu.save()),
        ledger.cost(fpu.restore()));
  }

  /** From the wake-up of a sleeping reader until it runs. */
  long chargeWake() {
    return wakeUp.charge() + contextSwitch.charge() + save.charge() + restore.charge();
  }
}
