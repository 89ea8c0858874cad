package org.legosim.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Habits of the source that neither the compiler nor the formatter sees. */
class TidyTest {
  private static final int LONGEST_FILE_LINES = 450;

  /** A pattern that may not stand in the source, and why; written so that this file passes. */
  private static final Map<Pattern, String> FORBIDDEN = Map.of(
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"),
      "finish it, or say in the documentation what is left out",
      Pattern.compile("(?<![\\w.])/(work|root|home)/"),
      "a path of one machine",
      Pattern.compile("@Dis" + "abled\\b"),
      "a test that is switched off");

  @Test
  void noFileIsTooLongAndNoneHoldsWhatIsForbidden() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path file : sources(root(), "src/")) {
      findings.addAll(judge(root().relativize(file).toString(), read(file)));
    }
    assertEquals(List.of(), findings);
  }

  @Test
  void everyPackageOfTheProductIsNullMarked() throws IOException {
    List<String> unmarked = new ArrayList<>();
    for (Path file : sources(root(), "src/main/java/")) {
      Path info = file.resolveSibling("package-info.java");
      if (!Files.exists(info) || !read(info).contains("@NullMarked")) {
        unmarked.add(root().relativize(info).toString());
      }
    }
    assertEquals(List.of(), unmarked.stream().distinct().toList());
  }

  @Test
  void theRulesFindABadFile() {
    String bad = "// TO" + "DO: later\nString place = \"/ro" + "ot/x\";\n" + "x\n".repeat(450);
    assertEquals(3, judge("Bad.java", bad).size());
  }

  private static List<String> judge(String name, String text) {
    List<String> findings = new ArrayList<>();
    long lines = text.lines().count();
    if (lines > LONGEST_FILE_LINES) {
      findings.add(name + " has " + lines + " lines; split it at a seam");
    }
    FORBIDDEN.forEach((pattern, why) -> pattern
        .matcher(text)
        .results()
        .forEach(match -> findings.add(name + ": '" + match.group() + "': " + why)));
    return findings;
  }

  private static List<Path> sources(Path root, String part) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> found = files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> root.relativize(file).toString().contains(part))
          .filter(file -> !root.relativize(file).toString().contains("/target/"))
          .sorted()
          .toList();
      assertTrue(found.size() > 10, "no sources under " + root);
      return found;
    }
  }

  /** The root of the source tree: the folder above the module in which Maven runs this test. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("legosim")) ? here : here.getParent();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
