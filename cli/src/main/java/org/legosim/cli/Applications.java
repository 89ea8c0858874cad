package org.legosim.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.configs.EffectiveConfig;
import org.legosim.kernel.system.Application;
import org.legosim.timing.ConfigException;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/** The traces named on a command line, opened; each is one application that starts at time 0. */
final class Applications implements AutoCloseable {
  private static final Pattern ON_NODE = Pattern.compile("P([0-9]{1,4})=(.+)");
  private static final String STANDARD_INPUT = "-";

  private final List<Application> applications = new ArrayList<>();

  private Applications() {}

  /**
   * @param arguments each {@code [NODE=]TRACE}
   * @throws ConfigException for a node that the machine does not have
   * @throws org.legosim.timing.TraceException for a trace that cannot be read
   */
  static Applications open(List<String> arguments, EffectiveConfig config) {
    Applications opened = new Applications();
    boolean isComplete = false;
    try {
      boolean readsInput = false;
      for (String argument : arguments) {
        int node = nodeOf(argument, config);
        String trace =
            node == Application.ANY_NODE ? argument : argument.substring(argument.indexOf('=') + 1);
        if (trace.equals(STANDARD_INPUT) && readsInput) {
          throw new ConfigException("--trace -: standard input holds one trace, not two");
        }
        readsInput |= trace.equals(STANDARD_INPUT);
        opened.applications.add(new Application(open(trace), 0, node));
      }
      isComplete = true;
    } finally {
      if (!isComplete) {
        opened.close();
      }
    }
    return opened;
  }

  private static int nodeOf(String argument, EffectiveConfig config) {
    Matcher onNode = ON_NODE.matcher(argument);
    if (!onNode.matches() || Files.exists(path(argument))) {
      return Application.ANY_NODE;
    }
    long nodes = config.amount("processor.nodes");
    int node = Integer.parseInt(onNode.group(1));
    if (node >= nodes) {
      throw new ConfigException("--trace " + argument + ": the machine has "
          + (nodes == 1 ? "one processor node, P0" : "processor nodes P0 to P" + (nodes - 1))
          + "; give one of them, or raise processor.nodes");
    }
    return node;
  }

  private static TraceImage open(String trace) {
    return trace.equals(STANDARD_INPUT) ? Traces.openStream(System.in) : Traces.open(path(trace));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException("--trace " + text + ": not the name of a file", e);
    }
  }

  List<Application> list() {
    return List.copyOf(applications);
  }

  /** Records of all threads. */
  long records() {
    return applications.stream()
        .flatMap(application -> application.trace().threads().stream())
        .mapToLong(ThreadImage::records)
        .sum();
  }

  @Override
  public void close() {
    applications.forEach(application -> application.trace().close());
  }
}
