package org.legosim.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
    name = "legosim",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SweepCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      ValidateCommand.class,
      ExploreCommand.class,
      MachineCommand.class,
      TraceCommand.class
    },
    description =
        "A hardware-accurate, trace-driven performance simulator of a disaggregated operating system.",
    footer = {
      "",
      "Exit codes: 0 done; 1 a comparison or validation fell short; 2 usage or configuration;",
      "3 missing, damaged or unreadable input; 4 an invariant of the simulated kernel was violated;",
      "5 an output could not be written; 70 a defect of legosim; 130 interrupted."
    })
final class LegosimCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }
}
