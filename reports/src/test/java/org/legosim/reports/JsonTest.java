package org.legosim.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.TraceException;

class JsonTest {
  private static final long SEED = Long.getLong("test.seed", 0x1e905L);

  @Test
  void membersKeepTheirOrder_andPlainArraysStayOnOneLine() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", 1L);
    map.put("a", Arrays.asList(0.5, null, true));
    map.put("c", List.of(Map.of("d", "e")));
    String expected = """
        {
          "b": 1,
          "a": [0.5, null, true],
          "c": [
            {
              "d": "e"
            }
          ]
        }
        """;
    assertEquals(expected, Json.text(map));
    assertEquals("{\"b\":1,\"a\":[0.5,null,true],\"c\":[{\"d\":\"e\"}]}", Json.compact(map));
  }

  @Test
  void textIsSafeInsideAScriptElementAndOnATerminal() {
    String json = Json.compact("</script><!-- \u2028 \u001b[31m \u202e \ud800 \" \\ \u00e9");
    assertEquals(
        "\"\\u003c/script\\u003e\\u003c!-- \\u2028 \\u001b[31m \\u202e \\ud800 \\\" \\\\ \u00e9\"",
        json);
  }

  @Test
  void anyTreeReadsBackAsItself() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 300; i++) {
      Object tree = tree(random, 0);
      assertEquals(tree, JsonReader.parse("t", Json.text(tree)), () -> "seed " + SEED);
      assertEquals(tree, JsonReader.parse("t", Json.compact(tree)), () -> "seed " + SEED);
    }
  }

  private static Object tree(SplittableRandom random, int depth) {
    int kind = random.nextInt(depth > 4 ? 4 : 6);
    return switch (kind) {
      case 0 -> random.nextLong();
      case 1 -> random.nextBoolean();
      case 2 -> {
        double d = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(d) && d != Math.rint(d) ? d : 0.25;
      }
      case 3 ->
        random
            .ints(random.nextInt(9), 0, 0x300)
            .mapToObj(Character::toString)
            .toList()
            .toString();
      case 4 -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          map.put("k" + i, tree(random, depth + 1));
        }
        yield map;
      }
      default -> {
        Object[] list = new Object[random.nextInt(5)];
        Arrays.setAll(list, i -> tree(random, depth + 1));
        yield Arrays.asList(list);
      }
    };
  }

  @Test
  void notANumber_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Json.text(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Json.text(new Object()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,",
        "[1 2]",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "01",
        "1.",
        "+1",
        "nul",
        "\"a",
        "\"\\x\"",
        "\"\\u00g0\"",
        "1 2",
        "[1,]",
        "{\"a\":1,}",
        "1e999",
        "\"\t\"",
        "NaN",
        "'a'",
        "-"
      })
  void damagedJson_isRefusedWithItsPlace(String text) {
    TraceException e = assertThrows(TraceException.class, () -> JsonReader.parse("f.json", text));
    assertTrue(e.getMessage().startsWith("f.json:1:"), e.getMessage());
  }

  @Test
  void deepNesting_isRefused_notAStackOverflow() {
    String deep = "[".repeat(100_000);
    assertThrows(TraceException.class, () -> JsonReader.parse("f.json", deep));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "1.0, 1",
    "-0.0, -0.0",
    "2e-3, 0.002",
    "1e23, 1E+23",
    "123456.789, 123456.789",
    "4.9e-324, 5E-324",
    "2.2250738585072014e-308, 2.2250738585072014E-308",
    "1e300, 1E+300",
    "0.3333333333333333, 0.3333333333333333",
    "9007199254740993, 9007199254740992"
  })
  void exactNumbers_areTheShortestThatReadBack(double value, String text) {
    assertEquals(text, Numbers.exact(value));
    assertEquals(value, Double.parseDouble(text));
  }
}
