package org.legosim.configs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/**
 * A folder that shows one defect of the real kernel: a machine, the programs' traces, what must be seen with
 * the defect and with its remedy, and if it needs one a schedule.
 *
 * @param name of the folder
 * @param machine its {@code machine.yaml}
 * @param traces its traces in the order of their names; each is an application that starts at once
 * @param schedule lines of {@code schedule.txt}; empty when there is none
 * @param diary rows of the diary's table that it shows
 * @param title one line
 * @param saw what the real system's developers saw
 * @param shows what the simulator shows
 * @param on with the defect
 * @param off with its remedy
 */
public record Scenario(
    String name,
    Path machine,
    List<Path> traces,
    List<String> schedule,
    List<Integer> diary,
    String title,
    String saw,
    String shows,
    Variant on,
    Variant off) {
  private static final String MACHINE = "machine.yaml";
  private static final String EXPECT = "expect.yaml";
  private static final String SCHEDULE = "schedule.txt";
  private static final int SCHEDULE_BYTES_MAX = 1 << 20;

  /**
   * One way to run a scenario.
   *
   * @param settings {@code key=value} overrides of the machine
   * @param exit the exit code that is expected
   * @param report texts that what is printed must contain
   * @param metrics {@code name=value} that an ordinary run must give
   * @param schedules of a search that must find it, or 0 when the first schedule shows it
   */
  public record Variant(
      List<String> settings, int exit, List<String> report, List<String> metrics, int schedules) {}

  /**
   * Reads a scenario's folder.
   *
   * @throws TraceException when a file is missing or cannot be read
   * @throws ConfigException when one is not understood
   */
  public static Scenario read(Path folder) {
    Path machine = folder.resolve(MACHINE);
    Path expect = folder.resolve(EXPECT);
    for (Path needed : List.of(machine, expect)) {
      if (!Files.isRegularFile(needed)) {
        throw new TraceException(folder + ": a scenario's folder has " + MACHINE + ", " + EXPECT
            + " and one or more traces; there is no " + needed.getFileName());
      }
    }
    Fields fields = new Fields(StrictYaml.readFile(expect), expect.toString());
    Scenario scenario = new Scenario(
        String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
        machine,
        traces(folder),
        schedule(folder.resolve(SCHEDULE)),
        fields.numbers("diary"),
        fields.text("title"),
        fields.text("saw"),
        fields.text("shows"),
        fields.variant("on"),
        fields.variant("off"));
    fields.refuseOthers();
    return scenario;
  }

  /** Every scenario in a folder, by name. */
  public static List<Scenario> readAll(Path folder) {
    return entries(folder).stream()
        .filter(Files::isDirectory)
        .map(Scenario::read)
        .toList();
  }

  private static List<Path> traces(Path folder) {
    List<Path> traces = entries(folder).stream()
        .filter(path -> {
          String name = path.getFileName().toString();
          return !name.equals(SCHEDULE) && (name.endsWith(".txt") || name.endsWith(".ltrace"));
        })
        .toList();
    if (traces.isEmpty()) {
      throw new TraceException(
          folder + ": no trace here; a scenario has files that end in .txt or .ltrace");
    }
    return traces;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new TraceException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<String> schedule(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      if (Files.size(file) > SCHEDULE_BYTES_MAX) {
        throw new TraceException(file + ": more than " + SCHEDULE_BYTES_MAX + " bytes");
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TraceException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The fields of expect.yaml; each is taken once. */
  private static final class Fields {
    private final Map<String, YamlNode.Entry> entries;
    private final Place place;

    Fields(YamlNode root, String file) {
      if (!(root instanceof YamlNode.Mapping mapping)) {
        throw new ConfigException(
            root.place() + ": " + file + " holds keys and values, not " + root.kind());
      }
      entries = new LinkedHashMap<>(mapping.entries());
      place = root.place();
    }

    private YamlNode.@Nullable Entry take(String key) {
      return entries.remove(key);
    }

    String text(String key) {
      YamlNode.Entry entry = take(key);
      if (entry == null) {
        throw new ConfigException(place + ": '" + key + "' is missing");
      }
      if (entry.value() instanceof YamlNode.Scalar scalar) {
        return scalar.text().strip();
      }
      throw new ConfigException(entry.value().place() + ": '" + key + "' is a text");
    }

    int number(String key, int otherwise) {
      YamlNode.Entry entry = take(key);
      return entry == null ? otherwise : number(entry.value());
    }

    private static int number(YamlNode node) {
      if (node instanceof YamlNode.Scalar scalar && scalar.text().matches("[0-9]{1,6}")) {
        return Integer.parseInt(scalar.text());
      }
      throw new ConfigException(node.place() + ": expected a whole number, not " + node.kind());
    }

    List<Integer> numbers(String key) {
      return list(key).stream().map(Fields::number).toList();
    }

    private List<YamlNode> list(String key) {
      YamlNode.Entry entry = take(key);
      if (entry == null) {
        return List.of();
      }
      if (entry.value() instanceof YamlNode.Items items) {
        return items.items();
      }
      throw new ConfigException(entry.value().place() + ": '" + key + "' is a list");
    }

    List<String> texts(String key) {
      List<String> texts = new ArrayList<>();
      for (YamlNode node : list(key)) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
          throw new ConfigException(node.place() + ": expected a text, not " + node.kind());
        }
        texts.add(scalar.text());
      }
      return texts;
    }

    Variant variant(String key) {
      YamlNode.Entry entry = take(key);
      if (entry == null) {
        throw new ConfigException(place + ": '" + key + "' is missing");
      }
      Fields fields = new Fields(entry.value(), key);
      Variant variant = new Variant(
          fields.texts("set"),
          fields.number("exit", 0),
          fields.texts("report"),
          fields.texts("metrics"),
          fields.number("schedules", 0));
      fields.refuseOthers();
      return variant;
    }

    void refuseOthers() {
      entries.forEach((key, entry) -> {
        throw new ConfigException(
            entry.keyPlace() + ": unknown key '" + key + "' in a scenario's " + EXPECT);
      });
    }
  }
}
