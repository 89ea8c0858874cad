package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed reference pages say what the declarations say. */
final class GeneratedPagesTest {
  private static final Path DOCS = Machines.projectRoot().orElseThrow().resolve("docs");

  @Test
  void parameters_areUpToDate() throws IOException {
    judge("parameters.md", ParameterPages.parameters(KnownParameters.catalog()));
  }

  @Test
  void assumptions_areUpToDate() throws IOException {
    judge("assumptions.md", ParameterPages.assumptions(KnownParameters.catalog()));
  }

  @Test
  void boot_isUpToDate() throws IOException {
    judge("boot.md", ParameterPages.boot());
  }

  private static void judge(String name, String generated) throws IOException {
    Path page = DOCS.resolve(name);
    if (Boolean.getBoolean("legosim.regenerate")) {
      Files.writeString(page, generated, StandardCharsets.UTF_8);
    }
    String committed =
        Files.exists(page) ? Files.readString(page, StandardCharsets.UTF_8) : "(missing)";
    assertEquals(
        generated, committed, "docs/" + name + " is stale; run: " + ParameterPages.COMMAND);
  }
}
