package org.legosim.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.legosim.reports.Dictionary;
import org.legosim.reports.compare.Comparison;
import org.legosim.timing.ExitCode;
import org.legosim.timing.LegosimException;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line and turns whatever happens into an exit code and one message. */
final class Dispatcher {
  private final Console console;

  Dispatcher(Console console) {
    this.console = console;
  }

  int run(String... arguments) {
    CommandLine commandLine = commandLine();
    return commandLine.execute(arguments);
  }

  CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new LegosimCommand(), factory());
    commandLine.setOut(new PrintWriter(console.out(), false, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    commandLine.registerConverter(Format.class, new Words<>(Format.class));
    commandLine.registerConverter(Comparison.Format.class, new Words<>(Comparison.Format.class));
    commandLine.registerConverter(Dictionary.Format.class, new Words<>(Dictionary.Format.class));
    commandLine.setOverwrittenOptionsAllowed(false);
    commandLine.setUsageHelpWidth(100);
    commandLine.setParameterExceptionHandler((exception, unused) -> usage(exception));
    commandLine.setExecutionExceptionHandler((exception, unused, parsed) -> failure(exception));
    return commandLine;
  }

  /** Commands are built with the console they write to. */
  private IFactory factory() {
    IFactory plain = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        try {
          return type.getDeclaredConstructor(Console.class).newInstance(console);
        } catch (NoSuchMethodException e) {
          return plain.create(type);
        }
      }
    };
  }

  private int usage(ParameterException exception) {
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    String message = String.valueOf(exception.getMessage());
    if (exception instanceof UnmatchedArgumentException unmatched) {
      message = unknown(command, unmatched.getUnmatched().get(0));
    }
    console.error(message + "\n" + "see '" + command.qualifiedName() + " --help'");
    return ExitCode.USAGE.value();
  }

  private static String unknown(CommandSpec command, String argument) {
    boolean isOption = argument.startsWith("-");
    String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
    Stream<String> known =
        isOption ? command.optionsMap().keySet().stream() : command.subcommands().keySet().stream();
    String kind = isOption ? "option" : command.subcommands().isEmpty() ? "argument" : "command";
    String message = "unknown " + kind + " '" + name + "' of '" + command.qualifiedName() + "'";
    List<String> candidates = known.sorted().toList();
    return Nearest.to(name, candidates)
        .map(nearest -> message + "; did you mean '" + nearest + "'?")
        .orElse(message + (candidates.isEmpty() ? "" : "; known: " + String.join(" ", candidates)));
  }

  int failure(Throwable throwable) {
    if (throwable instanceof LegosimException known && known.exitCode() != ExitCode.DEFECT) {
      console.error(String.valueOf(known.getMessage()));
      return known.exitCode().value();
    }
    if (throwable instanceof OutOfMemoryError) {
      console.error(
          "out of memory; give the Java virtual machine more, for example LEGOSIM_JAVA_OPTS="
              + String.format(Locale.ROOT, "-Xmx%dm", 2 * heapMebibytes()));
      return ExitCode.DEFECT.value();
    }
    console.error("a defect of legosim, please report it with the lines below\n" + throwable);
    throwable.printStackTrace(console.err());
    return ExitCode.DEFECT.value();
  }

  private static long heapMebibytes() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }
}
