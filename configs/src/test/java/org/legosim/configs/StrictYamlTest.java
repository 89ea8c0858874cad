package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

final class StrictYamlTest {
  private static String refusal(String yaml) {
    return assertThrows(ConfigException.class, () -> StrictYaml.readText("f.yaml", yaml))
        .getMessage();
  }

  @Test
  void scalars_stayTextWithTheirPlace() {
    YamlNode.Mapping root =
        (YamlNode.Mapping) StrictYaml.readText("f.yaml", "# c\na: no\nb:\n  - 1.0\n  - '2'\nc:\n");
    YamlNode.Scalar no = (YamlNode.Scalar) root.entries().get("a").value();
    assertEquals("no", no.text());
    assertEquals("f.yaml:2:4", no.place().toString());
    YamlNode.Items list = (YamlNode.Items) root.entries().get("b").value();
    assertEquals(
        List.of("1.0", "2"),
        list.items().stream().map(n -> ((YamlNode.Scalar) n).text()).toList());
    assertEquals("f.yaml:5:5", list.items().get(1).place().toString());
    assertTrue(((YamlNode.Scalar) root.entries().get("c").value()).isMissing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a: &x [1]\\nb: *x | f.yaml:1:4: anchors",
        "a: 1\\na: 2 | f.yaml:2:1: key 'a' is given twice, first at f.yaml:1:1",
        "a: 1\\nb: *x | f.yaml:2:4: aliases",
        "[a]: 1 | f.yaml:1:1: a key must be text",
        "a: 1\\n---\\nb: 2 | f.yaml:2:1: a second document",
        "a: [1, 2 | f.yaml:1:9: not valid YAML",
        "a: 'x | not valid YAML",
        "a: b: c | f.yaml:1:5: not valid YAML",
        "a:\\n\\tb: 1 | not valid YAML",
        "# only a comment | f.yaml: empty",
        "%TAG !e! tag:x,2000:\\n---\\na: 1 | tag directives",
      })
  void whatAConfigurationNeedsNot_isRefusedWithItsPlace(String yaml, String message) {
    String refusal = refusal(yaml.replace("\\n", "\n").replace("\\t", "\t").strip());
    assertTrue(refusal.contains(message.strip()), refusal);
  }

  @Test
  void tags_areRefused() {
    for (String tagged : List.of(
        "a: !!java.net.URL [http://x]",
        "a: !!str 1",
        "a: ! 1",
        "!!map\na: 1",
        "a: !!javax.script.ScriptEngineManager {}")) {
      String refusal = refusal(tagged);
      assertTrue(refusal.contains("tags are not allowed"), refusal);
    }
  }

  @Test
  void aliasBomb_isRefusedAtItsFirstAnchor() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
    }
    assertTrue(refusal(bomb.toString()).startsWith("f.yaml:1:5: anchors"));
  }

  @Test
  void depthBomb_isRefusedWithoutOverflowingTheStack() {
    assertTrue(refusal("[".repeat(50_000)).contains("nested deeper than 32"));
    assertTrue(refusal("{a: ".repeat(50_000)).contains("nested deeper than 32"));
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      block.append(" ".repeat(i)).append("a:\n");
    }
    assertTrue(refusal(block.toString()).contains("nested deeper than 32"));
    assertTrue(refusal("- ".repeat(50_000) + "x").contains("nested deeper than 32"));
  }

  @Test
  void hugeFile_isRefusedBeforeItIsParsed() {
    byte[] huge = "a: 1\n# ".concat("x".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8);
    ConfigException refusal = assertThrows(
        ConfigException.class, () -> StrictYaml.read("f.yaml", new ByteArrayInputStream(huge)));
    assertTrue(refusal.getMessage().contains("larger than 1048576 bytes"));
  }

  @Test
  void bytesThatAreNotText_areRefusedWithTheirOffset() {
    byte[] latin1 = {'a', ':', ' ', (byte) 0xE4, '\n'};
    ConfigException refusal = assertThrows(
        ConfigException.class, () -> StrictYaml.read("f.yaml", new ByteArrayInputStream(latin1)));
    assertTrue(refusal.getMessage().contains("not UTF-8 text at byte 3"), refusal.getMessage());
    assertTrue(refusal("a: \u0000").contains("not valid YAML"));
  }

  @Test
  void missingFile_isAnInputErrorThatNamesIt(@TempDir Path folder) {
    TraceException missing =
        assertThrows(TraceException.class, () -> StrictYaml.readFile(folder.resolve("no.yaml")));
    assertTrue(missing.getMessage().contains("no.yaml: no such file"));
    assertThrows(TraceException.class, () -> StrictYaml.readFile(folder));
  }

  @Test
  void option_isItsOwnPlace() {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> StrictYaml.readOption("--set a=[1", "[1"));
    assertTrue(refusal.getMessage().startsWith("--set a=[1: not valid YAML"), refusal.getMessage());
  }
}
