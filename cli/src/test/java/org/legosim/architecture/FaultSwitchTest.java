package org.legosim.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.legosim.configs.Machines;

/** What finds the real kernel's defects must not know which of them are switched on. */
class FaultSwitchTest {
  private static final Pattern CHECKERS = Pattern.compile(
      ".*\\.(PcacheWatch|PcacheChecker|PcacheInspection|RecentEvents|LineReports|ReferenceMemory"
          + "|ContentOracle|[A-Za-z]*Checker|[A-Za-z]*Oracle)(\\$.*)?");
  private static final Pattern READERS =
      Pattern.compile("org\\.legosim\\.(kernel\\.check|reports|experiments\\.explore)\\b.*");

  /** Page frames and addresses of the developers' diary, without 0x. */
  private static final Pattern DIARY =
      Pattern.compile("(?i)7fffe5[0-9a-f]{6}|1257c8|125942|3e4c9838|4854005942004441");

  private static boolean isSwitch(JavaClass target) {
    return target.getSimpleName().endsWith("Defects")
        || target.getSimpleName().equals("CheckParams");
  }

  @Test
  void checkersReportsAndSearch_readNoSwitch() {
    List<JavaClass> judges = Modules.PRODUCT.stream()
        .filter(c -> CHECKERS.matcher(c.getName()).matches()
            || READERS.matcher(c.getName()).matches())
        .toList();
    assertTrue(judges.size() > 20, "only " + judges.size() + " classes judged");
    List<String> findings = judges.stream()
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .filter(dependency -> isSwitch(dependency.getTargetClass()))
        .map(Dependency::getDescription)
        .toList();
    assertEquals(List.of(), findings);
  }

  @Test
  void theRuleFindsWhoReadsASwitch() {
    assertTrue(Modules.PRODUCT.stream()
        .filter(c -> c.getSimpleName().equals("Pcache"))
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .anyMatch(dependency -> isSwitch(dependency.getTargetClass())));
  }

  @Test
  void noAddressOfTheDiaryIsInMainCode() throws IOException {
    Path root = Machines.projectRoot().orElseThrow();
    try (Stream<Path> files = Files.walk(root)) {
      List<String> findings = files
          .filter(
              file -> file.toString().contains("/src/main/") && file.toString().endsWith(".java"))
          .filter(FaultSwitchTest::namesTheDiary)
          .map(Path::toString)
          .toList();
      assertEquals(List.of(), findings);
    }
  }

  private static boolean namesTheDiary(Path file) {
    try {
      return DIARY.matcher(Files.readString(file).replace("_", "")).find();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
