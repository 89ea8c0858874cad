package org.legosim.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The modules of docs/architecture.md, what each may use, and the classes they are made of. */
final class Modules {
  static final List<String> MODELS = List.of("timing-model", "hardware-models", "kernel");

  /** The arrows of the map: module to the modules directly below it. */
  private static final Map<String, List<String>> ARROWS = Map.of(
      "timing-model", List.of(),
      "hardware-models", List.of("timing-model"),
      "kernel", List.of("hardware-models"),
      "trace-capture", List.of("timing-model"),
      "reports", List.of("timing-model"),
      "configs", List.of("kernel"),
      "sweep", List.of("configs", "trace-capture", "reports"),
      "experiments", List.of("sweep", "configs", "trace-capture", "reports"),
      "cli", List.of("experiments", "sweep", "configs", "trace-capture", "reports"));

  /** Module to the modules that it may use: whatever its arrows lead to. */
  static final Map<String, Set<String>> MAY_USE =
      ARROWS.keySet().stream().collect(Collectors.toMap(module -> module, Modules::below));

  static final String NOWHERE = "outside";

  private static final Pattern PLACE = Pattern.compile(".*/([a-z-]+)/target/.*");

  /** Every class of the product, without tests and without third-party code. */
  static final JavaClasses PRODUCT = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("org.legosim");

  private Modules() {}

  private static Set<String> below(String module) {
    Set<String> found = new TreeSet<>();
    for (String next : ARROWS.getOrDefault(module, List.of())) {
      found.add(next);
      found.addAll(below(next));
    }
    return found;
  }

  /** The module whose build output holds the class; {@link #NOWHERE} for anybody else's class. */
  static String of(JavaClass javaClass) {
    JavaClass outermost = javaClass.getBaseComponentType();
    Optional<String> place = outermost.getSource().map(source -> source.getUri().toString());
    if (place.isEmpty() || !outermost.getPackageName().startsWith("org.legosim")) {
      return NOWHERE;
    }
    Matcher matcher = PLACE.matcher(place.get());
    return matcher.matches() ? matcher.group(1) : NOWHERE;
  }

  static boolean isModel(JavaClass javaClass) {
    return MODELS.contains(of(javaClass));
  }
}
