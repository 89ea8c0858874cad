package org.legosim.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Arrows point down only, siblings never import each other, and no package lies in two modules. */
class ModuleArrowsTest {
  private static final JavaClasses PRODUCT = Modules.PRODUCT;

  @Test
  void theClassPathShowsEveryModuleThatHasClasses() {
    assertTrue(
        PRODUCT.stream().map(Modules::of).collect(Collectors.toSet()).contains("timing-model"),
        "the importer no longer sees the modules: every other rule here would pass on nothing");
    for (JavaClass javaClass : PRODUCT) {
      assertTrue(
          Modules.MAY_USE.containsKey(Modules.of(javaClass)),
          javaClass.getName() + " lies in no module of docs/architecture.md");
    }
  }

  @Test
  void everyModuleUsesOnlyWhatLiesBelowIt() {
    assertEquals(List.of(), againstTheArrows(Modules.MAY_USE));
  }

  @Test
  void theRuleFindsAnArrowThatIsNotAllowed() {
    Map<String, Set<String>> nothingAllowed = new TreeMap<>();
    Modules.MAY_USE.forEach((module, used) -> nothingAllowed.put(module, Set.of()));
    assertTrue(againstTheArrows(nothingAllowed).stream()
        .anyMatch(line -> line.startsWith("cli -> timing-model")));
  }

  @Test
  void noPackageLiesInTwoModules() {
    Map<String, TreeSet<String>> modulesOfPackage = new TreeMap<>();
    for (JavaClass javaClass : PRODUCT) {
      modulesOfPackage
          .computeIfAbsent(javaClass.getPackageName(), name -> new TreeSet<>())
          .add(Modules.of(javaClass));
    }
    modulesOfPackage.values().removeIf(modules -> modules.size() == 1);
    assertEquals(Map.of(), modulesOfPackage);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("org.legosim.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  private static List<String> againstTheArrows(Map<String, Set<String>> mayUse) {
    return PRODUCT.stream()
        .flatMap(javaClass -> javaClass.getDirectDependenciesFromSelf().stream())
        .filter(dependency -> isAgainst(mayUse, dependency))
        .map(ModuleArrowsTest::describe)
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean isAgainst(Map<String, Set<String>> mayUse, Dependency dependency) {
    String from = Modules.of(dependency.getOriginClass());
    String to = Modules.of(dependency.getTargetClass());
    return !to.equals(Modules.NOWHERE)
        && !to.equals(from)
        && !mayUse.getOrDefault(from, Set.of()).contains(to);
  }

  private static String describe(Dependency dependency) {
    return Modules.of(dependency.getOriginClass())
        + " -> "
        + Modules.of(dependency.getTargetClass())
        + ": "
        + dependency.getOriginClass().getName()
        + " uses "
        + dependency.getTargetClass().getName();
  }
}
