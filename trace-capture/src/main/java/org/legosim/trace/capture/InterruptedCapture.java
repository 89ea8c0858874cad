package org.legosim.trace.capture;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What happens when the user interrupts a capture: the program ends too, nothing stands under the output's name,
 * and the blocks written so far stay in the partial file.
 */
final class InterruptedCapture {
  private static final long PATIENCE_SECONDS = 3;
  private static final int EXIT_INTERRUPTED = 130;
  private static final int EXIT_TERMINATED = 143;
  private static final long SIGNAL_DELAY_MS = 200;

  private final Thread hook;
  private volatile boolean hasBegun;

  private InterruptedCapture(Process process, Path partial, Consumer<String> notes) {
    hook = new Thread(() -> clean(process, partial, notes), "capture-interrupted");
  }

  static InterruptedCapture watch(Process process, Path partial, Consumer<String> notes) {
    InterruptedCapture capture = new InterruptedCapture(process, partial, notes);
    Runtime.getRuntime().addShutdownHook(capture.hook);
    return capture;
  }

  /** The output is complete. Does not return when an interruption has begun: the hook has the last word. */
  void stop() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      awaitEnd();
    }
  }

  /** The terminal sends its interrupt to the program and to this process, in no particular order. */
  void awaitInterruptAfter(int exitCode) {
    if (exitCode == EXIT_INTERRUPTED || exitCode == EXIT_TERMINATED) {
      try {
        Thread.sleep(SIGNAL_DELAY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (hasBegun) {
      awaitEnd();
    }
  }

  private static void awaitEnd() {
    while (true) {
      LockSupport.park();
    }
  }

  private void clean(Process process, Path partial, Consumer<String> notes) {
    hasBegun = true;
    try {
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // The process is ending; the partial file is announced all the same.
    }
    notes.accept("interrupted; what was captured is in " + partial + " (trace pack " + partial
        + " -o FILE makes a trace of it)");
  }
}
