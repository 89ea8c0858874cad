package org.legosim.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.legosim.reports.Dictionary;
import org.legosim.reports.html.HtmlReport;
import org.legosim.reports.store.ResultSet;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A result set with plots; the meaning of its columns. */
@Command(
    name = "report",
    description = {
      "Writes one self-contained HTML file with plots; it works offline.",
      "With --dictionary prints what each metric means instead."
    })
final class ReportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "RESULTS",
      description = "The folder that run or sweep wrote.")
  private @Nullable Path results;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The report; the folder's name with .html beside it by default.")
  private @Nullable Path out;

  @Option(
      names = "--dictionary",
      description = "Name, unit, definition and identities of every metric, of RESULTS if given.")
  private boolean printsDictionary;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Of the dictionary: text (default), markdown or json.")
  private Dictionary.Format format = Dictionary.Format.TEXT;

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (printsDictionary) {
      Dictionary dictionary = results == null
          ? Dictionary.fixed()
          : Dictionary.of(ResultSet.open(results).manifest().metrics());
      console.out().print(dictionary.print(format));
      return ExitCode.DONE.value();
    }
    if (results == null) {
      throw new ConfigException("name the folder of a result set, or give --dictionary");
    }
    Path file = out == null ? beside(results) : out;
    HtmlReport.write(ResultSet.open(results), file);
    console.out().println(file);
    return ExitCode.DONE.value();
  }

  static Path beside(Path folder) {
    Path named = folder.toAbsolutePath().normalize();
    Path name = named.getFileName();
    if (name == null) {
      throw new ConfigException(folder + ": not a result set; name its folder");
    }
    Path sibling = folder.normalize().resolveSibling(name + ".html");
    return folder.normalize().toString().isEmpty() ? named.resolveSibling(name + ".html") : sibling;
  }
}
