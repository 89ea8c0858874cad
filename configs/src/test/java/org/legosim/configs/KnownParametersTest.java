package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Status;

/** What the models declare. */
final class KnownParametersTest {
  private static final EffectiveConfig DEFAULTS =
      EffectiveConfig.defaults(KnownParameters.catalog());

  private static String refusal(String... options) {
    return assertThrows(
            ConfigException.class,
            () -> DEFAULTS.with(List.of(options)).validate(),
            String.join(" ", options) + " passed")
        .getMessage();
  }

  @Test
  void defaults_fitTogether() {
    assertEquals(64, DEFAULTS.validate().digest().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pcache.size=8388607 TiB",
        "pcache.size=1 PiB",
        "pcache.size=1 KiB",
        "pcache.ways=0",
        "pcache.ways=99999999999",
        "pcache.line=100 B",
        "pcache.line=3000 B",
        "network.link.propagation=-1 ns",
        "caches.l1d.size=33 KiB",
        "caches.l1d.size=1099511627776 B",
        "processor.cpus=0",
        "processor.cpus=100",
        "core.frequency=0 Hz",
        "core.frequency=.nan GHz",
        "kernel.hz=NaN",
        "memory.workers=-1",
      })
  void absurdValue_isRefusedBeforeAnythingIsBuilt(String option) {
    String refusal = refusal(option);
    assertTrue(refusal.contains("--set " + option), refusal);
    assertTrue(refusal.contains(option.substring(0, option.indexOf('='))), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "core.model = window",
        "memory.dram.model = cycle",
        "caches.prefetch = on",
        "faults = [F-99]",
      })
  void whatThisVersionDoesNotModel_isDeclaredAndRefusedInThoseWords(String key, String value) {
    String refusal = refusal(key + "=" + value);
    assertTrue(refusal.contains("this version"), refusal);
    assertTrue(refusal.contains("allowed: "), refusal);
  }

  @Test
  void placement_isOneOfItsWords_andItsIntervalAtLeastOne() {
    String refusal = refusal("memory.placement=nearest");
    assertTrue(refusal.contains("memory.placement"), refusal);
    assertTrue(refusal.matches("(?s).*home.*round-robin.*traffic.*free-memory.*"), refusal);
    assertTrue(refusal("memory.placementInterval=0").contains("memory.placementInterval"));
    assertTrue(refusal("memory.nodes=65").contains("0..64"));
  }

  /** The keys that the other parts of the system and its documents rely on. */
  @Test
  void keysOfTheContract_areAllDeclared() {
    String keys =
        "pcache.{size line fetch ways policy eviction victimEntries piggyback freeLines zeroFill"
            + " sweep.interval prefetch} processor.{nodes cpus topology.sockets topology.cores"
            + " topology.threads topology.numbering topology.nicSocket} core.{model}"
            + " caches.{model prefetch l1d.size l1d.ways l1d.latency l1d.replacement l2.size"
            + " l2.ways l2.latency l2.replacement llc.size llc.ways llc.latency llc.replacement}"
            + " tlb.{model} memory.{nodes workers replication dram.model dram.preset"
            + " dram.channels dram.ranks dram.refresh dram.addressMap dram.rowPolicy}"
            + " network.{model preset} storage.{nodes} kernel.{hz} replay.{order}";
    Matcher groups = Pattern.compile("(\\w+)\\.\\{([^}]*)}").matcher(keys);
    int count = 0;
    while (groups.find()) {
      for (String rest : groups.group(2).split("\\s+")) {
        DEFAULTS.setting(groups.group(1) + "." + rest);
        count++;
      }
    }
    List.of("addresses", "faults", "check").forEach(DEFAULTS::setting);
    assertEquals(50, count);
  }

  @Test
  void ruleOfADerivedShape_namesKeyAndPlace() {
    String refusal = refusal("caches.l1d.ways=7");
    assertTrue(refusal.contains("caches.l1d.ways: 7  (--set caches.l1d.ways=7)"), refusal);
  }

  @Test
  void everyConstantHasASourceAndARealStatus() {
    for (ParameterSpec spec : KnownParameters.catalog().specs()) {
      if (spec.isConstant()) {
        assertTrue(spec.status() != Status.CHOICE, spec.key() + " is a constant of status CHOICE");
        assertTrue(!spec.source().isEmpty(), spec.key() + " has no source");
      }
      assertTrue(!spec.doc().isEmpty(), spec.key() + " has no meaning");
    }
  }
}
