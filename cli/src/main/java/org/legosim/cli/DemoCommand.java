package org.legosim.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.legosim.configs.Machines;
import org.legosim.configs.SweepSpec;
import org.legosim.reports.html.HtmlReport;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.ResultSetWriter;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job on a bundled trace of a real program. */
@Command(
    name = "demo",
    description = {
      "The main job on a captured word count, with a table and plots.",
      "Sweeps pcache size, associativity and eviction mechanism; writes Parquet files and an HTML report."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String SWEEP = "configs/sweeps/demo.yaml";

  private final Console console;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "results/demo",
      description = "Folder of the result set, replaced if it is there; ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Simulations at a time; as many as there are processors by default.")
  private int workers = Runtime.getRuntime().availableProcessors();

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SweepCommand.checkWorkers(workers);
    Path sweep = Machines.projectRoot()
        .map(root -> root.resolve(SWEEP))
        .filter(Files::exists)
        .orElseThrow(() -> new ConfigException("no " + SWEEP
            + " near this folder; start legosim from its checkout, or sweep a file of your own"));
    SweepSpec spec = SweepSpec.read(sweep, MachineCommand.machines());
    ResultSet set = SweepCommand.run(console, spec, out, ResultSetWriter.Mode.OVERWRITE, workers);
    Path report = ReportCommand.beside(out);
    HtmlReport.write(set, report);
    console.out().print(SweepText.text(set));
    console.out().println();
    console.out().println("plots    " + report + "   (open it in a browser; it needs no network)");
    console.out().println("tables   " + out + "/*.parquet");
    console.out().println("again    ./legosim sweep " + sweep + " --out another");
    console.out().println("compare  ./legosim compare " + out + " another");
    return ExitCode.DONE.value();
  }
}
