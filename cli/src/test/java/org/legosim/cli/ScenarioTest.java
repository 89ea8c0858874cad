package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.configs.Machines;
import org.legosim.configs.Scenario;
import org.legosim.reports.JsonReader;

/** Every scenario shows its defect when it is on, and nothing with the remedy; by the commands of docs/diary.md. */
class ScenarioTest {
  /** Schedules that the remedy is tried with here; {@link RemedySchedulesTest} tries 10,000. */
  private static final int REMEDY_SCHEDULES = 25;

  private static final Pattern REPLAY = Pattern.compile("replay: \\./legosim (.*)");

  private static Path folder() {
    return Machines.projectRoot().orElseThrow().resolve("configs/scenarios");
  }

  @TestFactory
  Stream<DynamicTest> theDefectIsSeen() {
    return Scenario.readAll(folder()).stream()
        .map(scenario -> DynamicTest.dynamicTest(
            scenario.name(),
            () -> judge(scenario, scenario.on(), List.of(), scenario.on().schedules())));
  }

  @TestFactory
  Stream<DynamicTest> theRemedyHolds() {
    return Scenario.readAll(folder()).stream()
        .map(scenario -> DynamicTest.dynamicTest(
            scenario.name(),
            () -> judge(
                scenario,
                scenario.off(),
                List.of("--remedy"),
                scenario.on().schedules() > 0 ? REMEDY_SCHEDULES : 0)));
  }

  private static void judge(
      Scenario scenario, Scenario.Variant variant, List<String> options, int schedules) {
    String path = folder().resolve(scenario.name()).toString();
    if (scenario.on().schedules() > 0 && options.isEmpty()) {
      Outcome own = Outcome.of("explore", path, "--schedules", "0");
      assertEquals(0, own.exitCode(), "in its own schedule: " + own.out());
    }
    List<String> command = new ArrayList<>(List.of("explore", path, "--schedules", "" + schedules));
    command.addAll(options);
    Outcome outcome = Outcome.of(command.toArray(new String[0]));
    assertEquals(variant.exit(), outcome.exitCode(), outcome.out() + outcome.err());
    for (String text : variant.report()) {
      assertTrue(outcome.out().contains(text), text + " is not in:\n" + outcome.out());
    }
    if (!variant.metrics().isEmpty()) {
      judgeMetrics(scenario, variant);
    }
  }

  private static void judgeMetrics(Scenario scenario, Scenario.Variant variant) {
    List<String> command = new ArrayList<>(
        List.of("run", "--machine", scenario.machine().toString(), "--format", "json"));
    scenario.traces().forEach(trace -> Collections.addAll(command, "--trace", trace.toString()));
    variant.settings().forEach(setting -> Collections.addAll(command, "--set", setting));
    Outcome outcome = Outcome.of(command.toArray(new String[0]));
    Map<?, ?> metrics =
        (Map<?, ?>) JsonReader.parseObject("standard output", outcome.out()).get("metrics");
    for (String expected : variant.metrics()) {
      String name = expected.substring(0, expected.indexOf('='));
      assertEquals(expected, name + "=" + metrics.get(name));
    }
  }

  @Test
  void theSmallestSchedule_canBeReplayed() {
    String path = folder().resolve("F-18").toString();
    Outcome found = Outcome.of("explore", path, "--schedules", "1000");
    Matcher replay = REPLAY.matcher(found.out());
    assertTrue(replay.find(), found.out());
    Outcome again = Outcome.of(replay.group(1).split(" "));
    assertEquals(4, again.exitCode());
    assertTrue(again.out().contains("0x7fffe57c8000"), again.out());
  }

  @Test
  void json_isOneDocument() {
    Outcome outcome = Outcome.of(
        "explore", folder().resolve("F-21").toString(), "--schedules", "0", "--format", "json");
    Map<?, ?> document = JsonReader.parseObject("standard output", outcome.out());
    assertEquals(true, document.get("violated"));
    assertEquals(4, outcome.exitCode());
  }

  @Test
  void aFolderThatIsNoScenario_isRefused(@TempDir Path empty) throws IOException {
    Outcome outcome = Outcome.of("explore", empty.toString());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("there is no machine.yaml"), outcome.err());
    Files.writeString(empty.resolve("machine.yaml"), "extends: one-miss\n");
    Files.writeString(empty.resolve("expect.yaml"), "title: t\n");
    Files.writeString(empty.resolve("trace.txt"), "legosim-text 1\n");
    assertEquals(2, Outcome.of("explore", empty.toString()).exitCode());
    Outcome wrong = Outcome.of("explore", folder().resolve("F-21").toString(), "--hold", "P0.cpu1");
    assertEquals(2, wrong.exitCode());
    assertFalse(wrong.err().isEmpty());
  }
}
