package org.legosim.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.legosim.architecture.fixture.BadModel;

/** What keeps a run reproducible: no foreign code, clock, chance or accidental order in a model. */
class ModelPurityTest {
  private static final JavaClasses PRODUCT = Modules.PRODUCT;
  private static final JavaClass BAD = new ClassFileImporter().importClass(BadModel.class);

  @Test
  void modelsUseNothingButTheJdkAndNullAnnotations() {
    List<String> foreign = models()
        .flatMap(javaClass -> javaClass.getDirectDependenciesFromSelf().stream())
        .filter(dependency -> isForeign(dependency.getTargetClass().getBaseComponentType()))
        .map(Dependency::getDescription)
        .sorted()
        .toList();
    assertEquals(List.of(), foreign);
  }

  @Test
  void modelsHaveNoClockNoChanceAndNoAccidentalOrder() {
    assertEquals(List.of(), findings(models(), ForbiddenCode::inModel));
  }

  @Test
  void hardwareAndKernelDeclareNoFloatingPoint() {
    Stream<JavaClass> timed =
        models().filter(javaClass -> !Modules.of(javaClass).equals("timing-model"));
    assertEquals(List.of(), findings(timed, ForbiddenCode::floatingPoint));
  }

  @Test
  void nothingSharesStateRunsInputOrPrintsByLocale() {
    assertEquals(List.of(), findings(PRODUCT.stream(), ForbiddenCode::anywhere));
  }

  @Test
  void theRulesFindEverythingThatTheBadModelDoes() {
    String inModel = String.join("\n", ForbiddenCode.inModel(BAD));
    for (String part : List.of("Math.log", "Random", "HashMap", "Set.of", "System.nanoTime")) {
      assertTrue(inModel.contains(part), part + " not found in:\n" + inModel);
    }
    String anywhere = String.join("\n", ForbiddenCode.anywhere(BAD));
    for (String part : List.of("BadModel.shared", "Class.forName", "String.format")) {
      assertTrue(anywhere.contains(part), part + " not found in:\n" + anywhere);
    }
    String floating = String.join("\n", ForbiddenCode.floatingPoint(BAD));
    for (String part : List.of("BadModel.share ", "BadModel.work")) {
      assertTrue(floating.contains(part), part + " not found in:\n" + floating);
    }
  }

  private static Stream<JavaClass> models() {
    return PRODUCT.stream().filter(Modules::isModel);
  }

  private static boolean isForeign(JavaClass target) {
    String name = target.getPackageName();
    return !target.isPrimitive()
        && !name.startsWith("java.")
        && !name.startsWith("org.legosim.")
        && !name.equals("org.jspecify.annotations");
  }

  private static List<String> findings(
      Stream<JavaClass> classes, Function<JavaClass, List<String>> rule) {
    return classes.flatMap(javaClass -> rule.apply(javaClass).stream()).sorted().toList();
  }
}
