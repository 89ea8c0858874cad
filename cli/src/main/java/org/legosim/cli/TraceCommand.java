package org.legosim.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything that is done with traces before and beside a simulation. */
@Command(
    name = "trace",
    synopsisSubcommandLabel = "COMMAND",
    description = "Captures, makes, converts, shows and checks traces.",
    subcommands = {
      TraceCaptureCommand.class,
      TraceImportCommand.class,
      TraceExportCommand.class,
      TraceSynthCommand.class,
      TraceInfoCommand.class,
      TraceCatCommand.class,
      TraceVerifyCommand.class,
      TracePackCommand.class
    })
final class TraceCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
