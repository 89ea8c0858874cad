package org.legosim.kernel.processor;

import org.legosim.kernel.files.FileParams;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Ledger;

/** {@link ProcessorCosts} at work in one simulation. */
final class KernelCosts {
  final Cost syscallEntry;
  final Cost syscallExit;
  final Cost localCall;
  final Cost cloneThread;
  final Cost contextSwitch;
  final Cost saveRegisters;
  final Cost restoreRegisters;
  final Cost addressSpaceSwitch;
  final Cost tick;
  final Cost wakeUp;
  final Cost futexKey;
  final Cost futexQueue;
  final Cost futexHandOver;
  final Cost copyUser;
  final Cost signalDelivery;
  final Cost signalReturn;
  /** Bytes that saving the registers writes. */
  final long stateBytes;

  final Cost coldRecords;
  final FileParams files;
  final Cost showFile;
  final Cost pipePage;
  final Cost clockRead;
  /** Readings of the clock at each end of a system call. */
  final int straceReads;

  /** Being interrupted to reschedule: the way in and out of the kernel. */
  final Cost interruptEntry;

  final Cost interruptReturn;
  final ShootdownPath.Costs shootdown;

  KernelCosts(Ledger ledger, ProcessorCosts costs) {
    syscallEntry = ledger.cost(costs.syscallEntry());
    syscallExit = ledger.cost(costs.syscallExit());
    localCall = ledger.cost(costs.localCall());
    cloneThread = ledger.cost(costs.cloneThread());
    contextSwitch = ledger.cost(costs.contextSwitch());
    saveRegisters = ledger.cost(costs.fpu().save());
    restoreRegisters = ledger.cost(costs.fpu().restore());
    addressSpaceSwitch = ledger.cost(costs.addressSpaceSwitch());
    tick = ledger.cost(costs.tick());
    wakeUp = ledger.cost(costs.wakeUp());
    futexKey = ledger.cost(costs.futex().key());
    futexQueue = ledger.cost(costs.futex().queue());
    futexHandOver = ledger.cost(costs.futex().handOver());
    copyUser = ledger.cost(costs.copyUser());
    signalDelivery = ledger.cost(costs.signal().delivery());
    signalReturn = ledger.cost(costs.signal().sigreturn());
    stateBytes = costs.fpu().stateBytes();
    coldRecords = ledger.cost(costs.coldRecords());
    files = costs.files();
    showFile = ledger.cost(files.show());
    pipePage = ledger.cost(files.pipePage());
    clockRead = ledger.cost(costs.tracing().clockRead());
    straceReads = costs.tracing().strace() ? 1 : 0;
    interruptEntry = ledger.cost(costs.trapEntry());
    interruptReturn = ledger.cost(costs.trapReturn());
    shootdown = new ShootdownPath.Costs(ledger, costs);
  }
}
