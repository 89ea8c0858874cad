package org.legosim.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says so when Ctrl-C ends a command. The virtual machine itself then exits with 130; results are
 * written beside their final name and renamed when whole, so there is nothing to take back here.
 */
final class Interruption {
  private final AtomicBoolean ended = new AtomicBoolean();

  private Interruption() {}

  static Interruption watch(Console console) {
    Interruption interruption = new Interruption();
    Thread hook = new Thread(() -> interruption.report(console), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return interruption;
  }

  void commandEnded() {
    ended.set(true);
  }

  private void report(Console console) {
    if (!ended.get()) {
      console.note("interrupted; nothing unfinished stands under its final name");
    }
  }
}
