package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

final class MachinesTest {
  @TempDir
  Path folder = Path.of("");

  @BeforeEach
  void threeMachines() throws IOException {
    write("base", "description: the base\npcache: {ways: 8, size: 1 GiB}\n");
    write("middle", "extends: base\npcache.policy: lru\n");
    write("top", "extends: middle\ndescription: the top\npcache.ways: 16\n");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + ".yaml"), text, StandardCharsets.UTF_8);
  }

  private Machines machines() {
    return Machines.in(Sample.CATALOG, folder);
  }

  private String refusal(String name) {
    return assertThrows(ConfigException.class, () -> machines().load(name)).getMessage();
  }

  @Test
  void presets_areMergedFromTheBottom() {
    EffectiveConfig top = machines().load("top", List.of("core.clock=3 GHz"));
    assertEquals(16, top.amount("pcache.ways"));
    assertEquals(1L << 30, top.amount("pcache.size"));
    assertEquals("lru", top.setting("pcache.policy").text());
    assertEquals(3_000_000_000L, top.amount("core.clock"));
    assertEquals("the top", top.description());
    assertTrue(top.setting("pcache.size").place().toString().endsWith("base.yaml:2:25"));
  }

  @Test
  void list_isInOrderOfNamesWithDescriptions() {
    assertEquals(
        List.of(
            new Machines.Entry("base", "the base"),
            new Machines.Entry("middle", ""),
            new Machines.Entry("top", "the top")),
        machines().list());
    assertEquals(
        "base    the base\nmiddle  \ntop     the top\n",
        MachineText.list(machines().list()));
  }

  @Test
  void pathOfAFile_worksAndExtendsItsNeighboursOrANamedPreset() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(mine.resolve("a.yaml"), "extends: ./b.yaml\ncore.load: 30 %\n");
    Files.writeString(mine.resolve("b.yaml"), "extends: top\nlabel: b\n");
    EffectiveConfig config = machines().load(mine.resolve("a.yaml").toString());
    assertEquals("a", config.machine());
    assertEquals(30, config.amount("core.load"));
    assertEquals("b", config.setting("label").text());
    assertEquals(16, config.amount("pcache.ways"));
  }

  @Test
  void cycle_isRefusedWithItsChain() throws IOException {
    write("base", "extends: top\n");
    assertTrue(refusal("top").contains("extends itself: top -> middle -> base -> top"));
    write("self", "extends: self\n");
    assertTrue(refusal("self").contains("extends itself: self -> self"));
  }

  @Test
  void chainOfTooManyPresets_isRefused() throws IOException {
    for (int i = 0; i < 40; i++) {
      write("m" + i, "extends: m" + (i + 1) + "\n");
    }
    assertTrue(refusal("m0").contains("a chain of more than 16 presets"));
  }

  @Test
  void unknownName_isRefusedWithTheNearestAndThePlaceThatAsked() throws IOException {
    assertTrue(refusal("tpo").contains("no machine 'tpo'"));
    assertTrue(refusal("tpo").contains("did you mean 'top'?"));
    write("child", "# x\nextends: bace\n");
    assertTrue(refusal("child").contains("child.yaml:2:10: no machine 'bace'"), refusal("child"));
  }

  @Test
  void namesThatLeaveTheFolder_areNoNames() throws IOException {
    for (String name : List.of("..", "...", "CON", "a b", "tÖp", "x".repeat(300), "-top", "")) {
      assertTrue(refusal(name).contains("no machine"), name);
    }
    write("escape", "extends: ../secret.yaml\n");
    assertTrue(refusal("escape").contains("extends a name, not the path"));
    Path file = folder.resolve("nul.yaml");
    Files.writeString(file, "extends: \"./a\\0b.yaml\"\n", StandardCharsets.UTF_8);
    assertTrue(refusal(file.toString()).contains("not a path"), refusal(file.toString()));
  }

  @Test
  void missingFile_isAnInputError() {
    assertThrows(
        TraceException.class, () -> machines().load(folder.resolve("no.yaml").toString()));
  }

  @Test
  void fileThatIsNoMapping_isRefused() throws IOException {
    write("list", "- a\n");
    assertTrue(refusal("list").contains("list.yaml:1:1: a machine file holds keys and values"));
    write("text", "description: [a]\n");
    assertTrue(refusal("text").contains("'description' must be one line of text"));
  }
}
