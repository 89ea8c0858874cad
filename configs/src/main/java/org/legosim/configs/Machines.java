package org.legosim.configs;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/**
 * Finds machines: by name in {@code configs/machines} of the project, or packaged with the program
 * when there is no project folder; or by the path of a YAML file.
 */
public final class Machines {
  /** System property that names the project's root folder. */
  public static final String HOME_PROPERTY = "legosim.home";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final ParameterCatalog catalog;
  private final MachineSource source;

  private Machines(ParameterCatalog catalog, MachineSource source) {
    this.catalog = catalog;
    this.source = source;
  }

  /**
   * The machines of the project that the program runs in, else the packaged ones. The project's root
   * is the system property {@value #HOME_PROPERTY}, else the nearest folder above the working
   * directory that has {@code configs/machines}.
   */
  public static Machines find(ParameterCatalog catalog) {
    Optional<Path> folder = projectRoot().map(root -> root.resolve("configs/machines"));
    return folder.map(path -> in(catalog, path)).orElseGet(() -> packaged(catalog));
  }

  /** The machines of one folder. */
  public static Machines in(ParameterCatalog catalog, Path folder) {
    return new Machines(catalog, new MachineSource.Folder(folder));
  }

  /** The machines packaged with the program. */
  public static Machines packaged(ParameterCatalog catalog) {
    return new Machines(catalog, new MachineSource.Packaged());
  }

  /** The folder that holds {@code configs/machines}, if the program runs inside a project. */
  public static Optional<Path> projectRoot() {
    String home = System.getProperty(HOME_PROPERTY, "");
    if (!home.isEmpty()) {
      return Optional.of(Path.of(home)).filter(Machines::isRoot);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !isRoot(folder)) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder);
  }

  public ParameterCatalog catalog() {
    return catalog;
  }

  /**
   * One line of {@code machine list}.
   *
   * @param description one line from the file; empty when it has none
   */
  public record Entry(String name, String description) {}

  /** All machines by name, with their descriptions. */
  public List<Entry> list() {
    return source.names().stream()
        .filter(name -> NAME.matcher(name).matches())
        .map(name -> new Entry(name, load(name, Place.of(source.where())).description()))
        .toList();
  }

  /** As {@link #load(String, List)}, without overrides. */
  public EffectiveConfig load(String nameOrPath) {
    return load(nameOrPath, List.of());
  }

  /**
   * @param nameOrPath a machine's name, or the path of a file that ends in {@code .yaml}
   * @param setOptions overrides, each {@code key=value}
   * @throws ConfigException when anything in the files or overrides is refused
   * @throws TraceException when the file is missing or unreadable
   */
  public EffectiveConfig load(String nameOrPath, List<String> setOptions) {
    EffectiveConfig config = load(nameOrPath, Place.of("--machine " + nameOrPath));
    return setOptions.isEmpty() ? config.validate() : config.with(setOptions).validate();
  }

  /**
   * Without the rules between keys, which what is laid over it may still change.
   *
   * @param asked where the name was written
   */
  EffectiveConfig load(String nameOrPath, Place asked) {
    return new MachineLoader(catalog, this).load(nameOrPath, asked);
  }

  static boolean isPath(String nameOrPath) {
    return nameOrPath.indexOf('/') >= 0
        || nameOrPath.indexOf('\\') >= 0
        || nameOrPath.endsWith(".yaml")
        || nameOrPath.endsWith(".yml");
  }

  /**
   * @param asked by whom, for the message
   */
  YamlNode readNamed(String name, Place asked) {
    Optional<YamlNode> found = NAME.matcher(name).matches() ? source.read(name) : Optional.empty();
    return found.orElseThrow(() -> new ConfigException(asked
        + ": no machine '"
        + name
        + "' in "
        + source.where()
        + NearestName.suggestion(name, source.names())
        + " (a path must end in .yaml; 'legosim machine list' names the machines)"));
  }

  static Path path(String text, Place asked) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigException(asked + ": not a path: " + e.getMessage(), e);
    }
  }

  private static boolean isRoot(Path folder) {
    return Files.isDirectory(folder.resolve("configs/machines"));
  }
}
