package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
  @CsvSource({"pcache.prefetch, majority", "memory.replication, on", "processor.nodes, 2"})
  void whatThisVersionDoesNotModel_isDeclaredAndRefusedInThoseWords(String key, String value) {
    String refusal = refusal(key + "=" + value);
    assertTrue(refusal.contains("this version"), refusal);
    assertTrue(refusal.contains("allowed: "), refusal);
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
