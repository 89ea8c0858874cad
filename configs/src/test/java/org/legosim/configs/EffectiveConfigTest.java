package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.ConfigException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Status;

final class EffectiveConfigTest {
  static final String GOLDEN = """
      pcache:
        size: 1 GiB
        ways: full
        policy: true-lru
        sweep: {interval: 1 s}
        piggyback: off
      network.rate: 40 Gbit/s
      network:
        hop: {value: 120 ns, source: "switch data sheet", status: DATASHEET}
      faults: [F-18, F-1]
      memory.preset: DDR4_2133
      label: "two words: one"
      """;

  @Test
  void everyTypeOfComponent_isBound() {
    EffectiveConfig config = Sample.read(GOLDEN);
    Sample.MachineParams machine = config.bind(Sample.MachineParams.class);
    assertEquals(
        new Sample.PcacheParams(
            1L << 30, 4096, 0, Sample.Policy.TRUE_LRU, false, 1_000_000_000_000L),
        machine.pcache());
    assertEquals(
        new Constant("network.rate", 40_000_000_000L, Status.DERIVED),
        machine.link().rate());
    assertEquals(
        new Constant("network.hop", 120_000, Status.DATASHEET), machine.link().hop());
    assertEquals(
        new Constant("network.copy", 55_000, Status.MEASURED), machine.link().copy());
    assertEquals(
        new Constant("network.spin", 500, Status.ASSUMED), machine.link().spin());
    assertEquals(2_400_000_000L, machine.clockHertz());
    assertEquals(25, machine.loadPercent());
    assertEquals("DDR4_2133", machine.preset());
    assertEquals("two words: one", machine.label());
    assertEquals(List.of("F-18", "F-1"), machine.faults());
  }

  @Test
  void plainValue_keepsWhatWasSaidAboutTheKey_andASourcedOneBringsItsOwn() {
    EffectiveConfig config = Sample.read(GOLDEN);
    Setting rate = config.setting("network.rate");
    assertEquals("InfiniBand 4X QDR after 8b/10b", rate.source());
    assertEquals("m.yaml:7:15", rate.place().toString());
    assertEquals("switch data sheet", config.setting("network.hop").source());
    assertEquals("", config.setting("network.hop").fittedTo());
    Setting doubled = config.with(List.of("network.hop=240 ns")).setting("network.hop");
    assertEquals(Status.DATASHEET, doubled.status());
    assertEquals("--set network.hop=240 ns", doubled.place().toString());
  }

  @Test
  void digest_ignoresCommentsOrderAndNotation_butNoValueAndNoStatus() {
    String digest = Sample.read(GOLDEN).digest();
    String same = """
        # another hand wrote this
        label: 'two words: one'
        memory: {preset: DDR4_2133}
        faults:
          - F-18
          - F-1
        network:
          hop: {status: DATASHEET, value: 0.12 us, source: another paper}
          rate: 5 GB/s      # 40 Gbit/s
        pcache.sweep.interval: 1000 ms
        pcache: {policy: true-lru, ways: full, size: 1024 MiB, piggyback: no}
        """;
    assertEquals(digest, Sample.read(same).digest());
    assertNotEquals(digest, Sample.read(same.replace("0.12 us", "0.121 us")).digest());
    assertNotEquals(digest, Sample.read(same.replace("DATASHEET", "ASSUMED")).digest());
    assertNotEquals(digest, Sample.read(same.replace("F-1\n", "F-18\n")).digest());
    assertEquals(64, digest.length());
  }

  @Test
  void canonicalText_isGolden() {
    assertEquals("""
        legosim-config 1
        core.clock = 2400000000 Hz
        core.load = 25 %
        faults = [] text
        label = none text
        memory.preset = DDR4_2400 text
        network.copy = 55000 ps/KiB MEASURED
        network.hop = 100000 ps ASSUMED
        network.rate = 32000000000 bit/s DERIVED
        network.spin = 500 millicycles ASSUMED
        pcache.line = 4096 bytes
        pcache.piggyback = true flag
        pcache.policy = fifo text
        pcache.size = 536870912 bytes
        pcache.sweep.interval = 0 ps
        pcache.ways = 64 count
        """, EffectiveConfig.defaults(Sample.CATALOG).canonicalText());
  }

  @Test
  void shownMachine_readBack_isTheSame() {
    EffectiveConfig config = Sample.read(GOLDEN);
    String shown = MachineText.yaml(config);
    assertEquals(config.digest(), Sample.read(shown).digest(), shown);
    assertTrue(shown.contains("  size: 1 GiB "), shown);
    assertTrue(shown.contains("# ASSUMED; none found"), shown);
    assertTrue(shown.contains("# MEASURED; profile.md; fitted to rpc-echo 4200/4"), shown);
    assertTrue(MachineText.json(config).contains("\"setAt\": \"m.yaml:7:15\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '\0',
      value = {
        "pcahe.size: 1 GiB ! m.yaml:1:1: unknown key 'pcahe.size'; did you mean 'pcache.size'?",
        "ways: 8 ! m.yaml:1:1: unknown key 'ways'; did you mean 'pcache.ways'?",
        "pcache: {wayz: 8} ! m.yaml:1:10: unknown key 'pcache.wayz'; did you mean 'pcache.ways'?",
        "pcache: 8 ! m.yaml:1:1: 'pcache' is a group of keys",
        "pcache.ways: ! m.yaml:1:13: pcache.ways: no value given",
        "pcache.ways: '' ! m.yaml:1:14: pcache.ways: no value given",
        "pcache.ways: [8] ! m.yaml:1:14: pcache.ways: a list is not one value",
        "pcache.ways: 0 ! pcache.ways: '0' is out of range; allowed: 1..4096 or full",
        "pcache.ways: 4097 ! pcache.ways: '4097' is out of range",
        "pcache.ways: ful ! did you mean 'full'?",
        "pcache.ways: 48 ! m: pcache.ways must be a power of two",
        "pcache.size: 8388608 TiB ! absurdly large",
        "pcache.size: 7 TiB ! out of range; allowed: 256 B..1 TiB",
        "pcache.policy: clock ! this version does not model 'clock' yet; allowed: fifo, lru, true-lru",
        "pcache.policy: LRU ! 'LRU' is not known; did you mean 'lru'?",
        "pcache.piggyback: maybe ! neither on nor off",
        "network.hop: -1 ns ! '-1 ns' is out of range",
        "network.hop: 10 ms ! out of range; allowed: ..1 ms",
        "network.copy: -1 ns/KiB ! out of range; allowed: 0 or more",
        "network.hop: {value: 1 ns, source: x} ! m.yaml:1:14: network.hop: 'status' is missing",
        "network.hop: {value: 1 ns, status: PAPER} ! 'source' is missing",
        "network.hop: {value: 1 ns, source: x, status: PAPR} ! unknown status 'PAPR'; did you mean 'PAPER'?",
        "network.hop: {valu: 1 ns} ! unknown field 'valu'; did you mean 'value'?",
        "faults: F-1 ! m.yaml:1:9: faults: 'F-1' is not a list",
        "faults: [F-99] ! m.yaml:1:10: faults: 'F-99' is not known",
        "faults: [[F-1]] ! a list is not text",
        "memory.preset: DDR4_240 ! did you mean 'DDR4_2400'?",
      })
  void wrongSetting_isRefusedWithPlaceKeyAndWhatIsAllowed(String yaml, String message) {
    String refusal =
        assertThrows(ConfigException.class, () -> Sample.read(yaml.strip())).getMessage();
    assertTrue(refusal.contains(message.strip()), refusal);
  }

  @Test
  void nestedAndDottedSpelling_ofOneKey_isAKeyGivenTwice() {
    String refusal = assertThrows(
            ConfigException.class, () -> Sample.read("pcache.ways: 8\npcache: {ways: 16}\n"))
        .getMessage();
    assertTrue(
        refusal.contains("m.yaml:2:10: key 'pcache.ways' is given twice, first at m.yaml:1:1"));
  }

  @Test
  void ruleBetweenKeys_namesTheKeyAndWhereItWasSet() {
    EffectiveConfig config = Sample.read("pcache.size: 1 GiB");
    String refusal = assertThrows(
            ConfigException.class, () -> config.with(List.of("pcache.ways=48")).validate())
        .getMessage();
    assertEquals(
        "m: pcache.ways must be a power of two\n  pcache.ways: 48  (--set pcache.ways=48)",
        refusal);
  }

  @Test
  void setOption_isParsedLikeAFile_andTheLastOneWins() {
    EffectiveConfig config = EffectiveConfig.defaults(Sample.CATALOG)
        .with(List.of("pcache.ways=8", "pcache.ways=16", "faults=[F-1]", "label=a=b"));
    assertEquals(16, config.amount("pcache.ways"));
    assertEquals("a=b", config.setting("label").text());
    assertEquals("[F-1]", config.setting("faults").text());
    for (String option : List.of("pcache.ways", "=8", "")) {
      String refusal = assertThrows(ConfigException.class, () -> config.with(List.of(option)))
          .getMessage();
      assertTrue(refusal.startsWith("--set " + option + ": expected key=value"), refusal);
    }
    String refusal = assertThrows(ConfigException.class, () -> config.with(List.of("pcache.way=8")))
        .getMessage();
    assertTrue(refusal.startsWith("--set pcache.way=8: unknown key 'pcache.way'"), refusal);
    String percent = assertThrows(
            ConfigException.class, () -> config.with(List.of("pcache.size=10 %")))
        .getMessage();
    assertTrue(percent.contains("unknown unit '%'"), percent);
  }
}
