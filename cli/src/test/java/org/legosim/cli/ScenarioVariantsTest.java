package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.configs.Machines;

/** The search knows nothing of a scenario: it finds the defect at other addresses, in other caches, among other threads. */
class ScenarioVariantsTest {
  @TempDir
  Path folder;

  private record Variant(
      String scenario, String what, String machine, UnaryOperator<String> trace) {}

  @TestFactory
  Stream<DynamicTest> theDefectIsFound_andTheRemedyHolds() {
    UnaryOperator<String> same = UnaryOperator.identity();
    return Stream.of(
            new Variant("F-18", "shifted", "", trace -> trace.replace("0x7fffe", "0x7ffab")),
            new Variant("F-18", "128 sets", "pcache.size: 4 MiB", same),
            new Variant("F-18", "64 ways", "pcache.ways: 64", same),
            new Variant(
                "F-19",
                "shifted",
                "",
                trace -> trace.replace("0x7f0000", "0x7f1230").replace("0x7f0001", "0x7f1231")),
            new Variant("F-19", "4 ways", "pcache.ways: 4", same),
            new Variant("F-19", "16 sets", "pcache.size: 512 KiB", same),
            new Variant("F-19", "9 threads", "", trace -> withoutThread(trace, "110")))
        .map(variant ->
            DynamicTest.dynamicTest(variant.scenario + ", " + variant.what, () -> judge(variant)));
  }

  private void judge(Variant variant) throws IOException {
    Path original = Machines.projectRoot().orElseThrow().resolve("configs/scenarios");
    Path copy = Files.createDirectories(folder.resolve(variant.scenario + "-" + variant.what));
    for (String name : List.of("machine.yaml", "expect.yaml", "trace.txt")) {
      String text = Files.readString(original.resolve(variant.scenario).resolve(name));
      if (name.equals("trace.txt")) {
        text = variant.trace.apply(text);
      } else if (name.equals("machine.yaml")) {
        text = withKey(text, variant.machine);
      }
      Files.writeString(copy.resolve(name), text);
    }
    Outcome found = Outcome.of("explore", copy.toString(), "--schedules", "2000");
    assertEquals(4, found.exitCode(), found.out() + found.err());
    assertTrue(found.out().contains("violated in random schedule"), found.out());
    Outcome corrected = Outcome.of("explore", copy.toString(), "--remedy", "--schedules", "25");
    assertEquals(0, corrected.exitCode(), corrected.out() + corrected.err());
  }

  /** A machine's text with one more key, in place of the one of that name. */
  private static String withKey(String text, String key) {
    String name = key.substring(key.indexOf('.') + 1).split(":")[0];
    boolean isNested = text.contains("\n  " + name + ":");
    return isNested
        ? Pattern.compile("\n  " + name + ":.*")
            .matcher(text)
            .replaceFirst("\n  " + key.substring(key.indexOf('.') + 1))
        : text + key + "\n";
  }

  private static String withoutThread(String trace, String tid) {
    String hex = "0x" + Integer.toHexString(Integer.parseInt(tid));
    String made = "> 20 56 0x3d0f00 0x7fffe0001000 0 0 0 0\n< " + hex + "\n";
    assertTrue(trace.contains(made), "the scenario makes thread " + tid);
    return Pattern.compile("T " + tid + "\n.*\n! exit\n")
        .matcher(trace.replace(made, ""))
        .replaceFirst("");
  }
}
