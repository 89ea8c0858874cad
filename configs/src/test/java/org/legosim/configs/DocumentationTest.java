package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the user guide work. */
final class DocumentationTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("```yaml\n# (\\S+\\.yaml)\n(.*?)```", Pattern.DOTALL);

  @Test
  void examplesOfTheGuide_areAcceptedAsTheyStand(@TempDir Path folder) throws IOException {
    Machines machines = Machines.find(KnownParameters.catalog());
    Path guide = Machines.projectRoot().orElseThrow().resolve("docs/configuration.md");
    List<MatchResult> examples = EXAMPLE
        .matcher(Files.readString(guide, StandardCharsets.UTF_8))
        .results()
        .toList();
    assertEquals(2, examples.size());
    for (MatchResult example : examples) {
      Path file = folder.resolve(example.group(1));
      Files.writeString(file, example.group(2), StandardCharsets.UTF_8);
      if (example.group(2).contains("axes:")) {
        assertFalse(SweepSpec.read(file, machines).plan(trace -> 1L << 30).isEmpty());
      } else {
        machines.load(file.toString());
      }
    }
  }
}
