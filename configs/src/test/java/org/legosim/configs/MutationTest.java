package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.legosim.timing.ConfigException;

/** A mistyped key, word or unit never passes: it is refused with its place and the nearest name. */
final class MutationTest {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  /**
   * @param name what is mutated
   */
  private record Target(String before, String name, String after) {}

  private static final List<Target> KEYS = List.of(
      new Target("pcache.", "size", ": 512 MiB"),
      new Target("pcache.", "ways", ": 8"),
      new Target("pcache.sweep.", "interval", ": 1 s"),
      new Target("", "network", ".rate: 32 Gbit/s"),
      new Target("memory.", "preset", ": DDR4_2133"),
      new Target("core.", "clock", ": 2.4 GHz"));

  private static final List<Target> VALUES = List.of(
      new Target("pcache.policy: ", "true-lru", ""),
      new Target("pcache.size: 512 ", "MiB", ""),
      new Target("pcache.sweep.interval: 100 ", "ms", ""),
      new Target("core.clock: 2.4 ", "GHz", ""),
      new Target("network.rate: 32 ", "Gbit/s", ""),
      new Target("network.copy: 55 ", "ns/KiB", ""),
      new Target("memory.preset: ", "DDR4_2400", ""),
      new Target("pcache.piggyback: ", "off", ""));

  @Test
  void thousandMutatedKeys_areRefusedWithPlaceAndNearestName() {
    long seed = Long.getLong("test.seed", 7L);
    Random random = new Random(seed);
    int nearest = 0;
    for (int i = 0; i < 1_000; i++) {
      Target target = KEYS.get(random.nextInt(KEYS.size()));
      String mutated = mutate(target.name(), random, "");
      String key = target.before() + target.name() + target.after();
      String message = refusal(target, mutated, seed);
      assertTrue(message.startsWith("m.yaml:2:1: "), message);
      assertTrue(message.contains("did you mean '"), message);
      String fullKey = key.substring(0, key.indexOf(':'));
      nearest += message.contains("'" + fullKey + "'") || target.name().equals("network") ? 1 : 0;
    }
    // One edit may land nearer to another key ("sizs" has no rival, but "was" does); not often.
    assertTrue(nearest >= 990, nearest + " of 1000 named the key that was meant, seed " + seed);
  }

  @Test
  void thousandMutatedWordsAndUnits_areRefusedWithPlaceAndWhatIsAllowed() {
    long seed = Long.getLong("test.seed", 8L);
    Random random = new Random(seed);
    List<String> spellings = new ArrayList<>(List.of("fifo", "lru", "on", "off", "yes", "no"));
    for (ParameterSpec spec : Sample.CATALOG.specs()) {
      if (spec.kind() == ParameterSpec.Kind.AMOUNT) {
        spellings.addAll(Quantity.spellings(spec.unit()));
      }
    }
    int done = 0;
    while (done < 1_000) {
      Target target = VALUES.get(random.nextInt(VALUES.size()));
      String mutated = mutate(target.name(), random, "/0-");
      if (spellings.contains(mutated) || mutated.equals("DDR4_2133")) {
        continue; // by chance another correct word
      }
      String message = refusal(target, mutated, seed);
      int column = target.before().indexOf(':') + 3;
      assertTrue(message.startsWith("m.yaml:2:" + column + ": "), message);
      assertTrue(message.contains("allowed") || message.contains("not valid YAML"), message);
      done++;
    }
    assertEquals(1_000, done);
  }

  @Test
  void removedUnits_areRefused() {
    for (Target target : VALUES) {
      if (target.before().matches(".* [0-9.]+ ")) {
        String message = refusal(target, "", 0);
        assertTrue(message.contains("has no unit"), message);
      }
    }
  }

  @Test
  void damagedFile_endsInARefusalOrAConfiguration_neverInAnotherFailure() {
    long seed = Long.getLong("test.seed", 9L);
    Random random = new Random(seed);
    String signs = "{}[]:,-#&*!|>'\"%@`\n\t \0\u00e9?~";
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder(EffectiveConfigTest.GOLDEN);
      for (int edits = random.nextInt(4); edits >= 0; edits--) {
        int at = random.nextInt(text.length());
        text.replace(
            at,
            Math.min(text.length(), at + random.nextInt(3)),
            String.valueOf(signs.charAt(random.nextInt(signs.length()))));
      }
      try {
        Sample.read(text.toString());
      } catch (ConfigException refused) {
        assertTrue(refused.getMessage().startsWith("m"), refused.getMessage());
      } catch (RuntimeException e) {
        throw new AssertionError("-Dtest.seed=" + seed + " failed on:\n" + text, e);
      }
    }
  }

  private static String refusal(Target target, String mutated, long seed) {
    String line = target.before() + mutated + target.after();
    String yaml = "# a comment\n" + line + "\n";
    return assertThrows(
            ConfigException.class, () -> Sample.read(yaml), line + " passed, -Dtest.seed=" + seed)
        .getMessage();
  }

  /** One to three edits that change the text. */
  private static String mutate(String text, Random random, String extraLetters) {
    String letters = LETTERS + extraLetters;
    StringBuilder mutated = new StringBuilder(text);
    while (mutated.isEmpty() || mutated.toString().equals(text)) {
      IntStream.rangeClosed(0, random.nextInt(2)).forEach(i -> edit(mutated, letters, random));
    }
    return mutated.toString();
  }

  private static void edit(StringBuilder text, String letters, Random random) {
    char letter = letters.charAt(random.nextInt(letters.length()));
    int at = random.nextInt(text.length() + 1);
    boolean isEnd = at == text.length();
    switch (isEnd ? 0 : random.nextInt(4)) {
      case 0 -> text.insert(at, letter);
      case 1 -> text.setCharAt(at, letter);
      case 2 -> {
        if (text.length() > 1) {
          text.deleteCharAt(at);
        }
      }
      default -> text.setCharAt(at, Character.toUpperCase(text.charAt(at)));
    }
  }
}
