package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.legosim.configs.Machines;
import org.legosim.configs.Scenario;

/**
 * The corrected kernel in 10,000 random schedules of each scenario whose defect only some schedules show. Takes
 * minutes: {@code mvn -Pevidence -pl cli -am test -Dtest=RemedySchedulesTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("evidence")
class RemedySchedulesTest {
  private static final int SCHEDULES = 10_000;

  @TestFactory
  Stream<DynamicTest> nothingIsFound() {
    Path folder = Machines.projectRoot().orElseThrow().resolve("configs/scenarios");
    List<Scenario> raced = Scenario.readAll(folder).stream()
        .filter(scenario -> scenario.on().schedules() > 0)
        .toList();
    assertTrue(raced.size() >= 3, "scenarios with schedules: " + raced.size());
    return raced.stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> {
          Outcome outcome = Outcome.of(
              "explore",
              folder.resolve(scenario.name()).toString(),
              "--remedy",
              "--schedules",
              Integer.toString(SCHEDULES));
          assertEquals(0, outcome.exitCode(), outcome.out() + outcome.err());
          assertTrue(outcome.out().contains(SCHEDULES + " random ones"), outcome.out());
        }));
  }
}
