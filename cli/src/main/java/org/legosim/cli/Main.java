package org.legosim.cli;

import org.legosim.timing.ExitCode;
import org.legosim.timing.OutputException;

/** Entry point of the program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.watch(console);
    int exitCode = new Dispatcher(console).run(arguments);
    try {
      console.out().flush();
    } catch (OutputException e) {
      console.error(String.valueOf(e.getMessage()));
      exitCode = ExitCode.OUTPUT.value();
    }
    interruption.commandEnded();
    System.exit(exitCode);
  }
}
