package org.legosim.cli;

import java.util.List;
import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.KnownParameters;
import org.legosim.configs.MachineSchema;
import org.legosim.configs.MachineText;
import org.legosim.configs.Machines;
import org.legosim.configs.Systems;
import org.legosim.kernel.boot.BootSequence;
import org.legosim.kernel.system.ClusterNodes;
import org.legosim.kernel.system.SystemParams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What machines there are, what one consists of, and how to write one. */
@Command(
    name = "machine",
    description = "Presets, effective configurations and the schema of a machine file.",
    subcommands = {
      MachineCommand.Show.class,
      MachineCommand.ListAll.class,
      MachineCommand.Schema.class
    })
final class MachineCommand {
  private MachineCommand() {}

  static Machines machines() {
    return Machines.find(KnownParameters.catalog());
  }

  @Command(
      name = "show",
      description = "The effective configuration: every key with its value, status and source.")
  static final class Show implements Runnable {
    private final Console console;

    @Parameters(paramLabel = "MACHINE", description = "A preset's name, or a YAML file.")
    private String machine;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "Overrides one key, in the notation of a machine file; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    @Option(
        names = "--boot",
        description =
            "Prints the boot of its processor node instead: each step in order, with its CPU and what it provides, and when each node's"
                + " connections are made.")
    private boolean showsBoot;

    Show(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      EffectiveConfig config = machines().load(machine, overrides);
      if (showsBoot) {
        SystemParams params = Systems.bind(config);
        console.out().print(BootSequence.legoOs().text(params.processor().cpus()));
        console.out().print(ClusterNodes.bootText(params));
        return;
      }
      console
          .out()
          .print(format == Format.JSON ? MachineText.json(config) : MachineText.yaml(config));
    }
  }

  @Command(name = "list", description = "The machines that come with legosim.")
  static final class ListAll implements Runnable {
    private final Console console;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json.")
    private Format format = Format.TEXT;

    ListAll(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      List<Machines.Entry> entries = machines().list();
      console
          .out()
          .print(format == Format.JSON ? MachineText.listJson(entries) : MachineText.list(entries));
    }
  }

  @Command(name = "schema", description = "The JSON schema of a machine file, for an editor.")
  static final class Schema implements Runnable {
    private final Console console;

    Schema(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      console.out().print(MachineSchema.of(KnownParameters.catalog()));
    }
  }
}
