package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.kernel.pcache.PcacheParams;

/** The machine files that come with legosim. */
final class PresetsTest {
  private static final ParameterCatalog CATALOG = KnownParameters.catalog();
  private static final Path FOLDER =
      Machines.projectRoot().orElseThrow().resolve("configs/machines");

  @Test
  void everyMachine_isValidAndSaysWhatItIs() {
    for (Machines.Entry machine : Machines.in(CATALOG, FOLDER).list()) {
      Machines.in(CATALOG, FOLDER).load(machine.name());
      assertFalse(machine.description().isEmpty(), machine.name());
    }
  }

  /** The table of presets, key by key. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "legoos-osdi18        | 512 MiB | 64 | fifo | off | per-set-list | on  | list | on  | 1 | 24",
        "legoos-final-tree    | 2 GiB   | 64 | lru  | off | per-set-list | on  | list | on  | 1 | 24",
        "legoos-diary-2018-02 | 8 GiB   | 8  | lru  | 1 s | victim-cache | off | list | off | 1 | 24",
        "legoos-sample-vm     | 2 GiB   | 64 | lru  | off | per-set-list | on  | list | on  | 1 | 8",
      })
  void preset_isWhatItsTableSays(ArgumentsAccessor row) {
    EffectiveConfig machine = Machines.in(CATALOG, FOLDER).load(row.getString(0));
    List<String> keys = List.of(
        "pcache.size",
        "pcache.ways",
        "pcache.policy",
        "pcache.sweep.interval",
        "pcache.eviction",
        "pcache.piggyback",
        "pcache.freeLines",
        "pcache.zeroFill",
        "memory.workers",
        "processor.cpus");
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(row.getString(i + 1), machine.setting(keys.get(i)).text(), keys.get(i));
    }
    assertEquals(4096, machine.amount("pcache.line"));
    assertEquals(8, machine.amount("pcache.victimEntries"));
  }

  @Test
  void diaryAndSample_haveTheSetsOfTheirLogs() {
    Machines folder = Machines.in(CATALOG, FOLDER);
    // Sample boot log: 8192 sets of 64 lines. Diary addresses: set bits 12 to 29, 0x40000 sets of
    // 8.
    assertEquals(
        8192,
        folder.load("legoos-sample-vm").bind(PcacheParams.class).geometry().sets());
    assertEquals(
        0x40000,
        folder.load("legoos-diary-2018-02").bind(PcacheParams.class).geometry().sets());
  }

  @Test
  void packagedMachines_areThoseOfTheFolder() {
    Machines packaged = Machines.packaged(CATALOG);
    Machines folder = Machines.in(CATALOG, FOLDER);
    assertEquals(folder.list(), packaged.list(), "configs/machines/index.txt lists all machines");
    for (Machines.Entry machine : folder.list()) {
      assertEquals(
          folder.load(machine.name()).digest(), packaged.load(machine.name()).digest());
    }
  }

  @Test
  void shownMachine_readBack_isTheSame() {
    Machines folder = Machines.in(CATALOG, FOLDER);
    for (Machines.Entry machine : folder.list()) {
      EffectiveConfig config = folder.load(machine.name());
      YamlNode.Mapping shown =
          (YamlNode.Mapping) StrictYaml.readText("shown", MachineText.yaml(config));
      Overlay overlay = new Overlay(CATALOG);
      shown.entries().forEach((key, entry) -> {
        if (!key.equals("description")) {
          overlay.add(key, entry);
        }
      });
      assertEquals(
          config.digest(),
          EffectiveConfig.defaults(CATALOG).with(overlay).digest(),
          machine.name());
    }
  }
}
