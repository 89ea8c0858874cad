package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.params.Unit;

final class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "1.2 us, PS, 1200000",
    "13.75 ns, PS, 13750",
    "416.667ns, PS, 416667",
    "0 s, PS, 0",
    "-5 ns, PS, -5000",
    "512 MiB, BYTES, 536870912",
    "0.5 KiB, BYTES, 512",
    "1 MB, BYTES, 1000000",
    "4096 B, BYTES, 4096",
    "2.4 GHz, HERTZ, 2400000000",
    "40 Gbit/s, BITS_PER_SECOND, 40000000000",
    "4 GB/s, BITS_PER_SECOND, 32000000000",
    "1 GiB/s, BITS_PER_SECOND, 8589934592",
    "55 ns/KiB, PS_PER_KIB, 55000",
    "1 ps/B, PS_PER_KIB, 1024",
    "36 cycles, CYCLES, 36",
    "0.5 cycles, MILLICYCLES, 500",
    "25 %, PERCENT, 25",
    "35 M/s, PER_SECOND, 35000000",
    "64, COUNT, 64",
    "9223372036854775807 ps, PS, 9223372036854775807"
  })
  void number_withItsUnit_isExactInCanonicalUnits(String text, Unit unit, long value)
      throws Quantity.RefusedException {
    assertEquals(value, Quantity.parse(text, unit));
  }

  @ParameterizedTest
  @CsvSource({
    "13.75, PS, has no unit",
    "13.75 nsec, PS, unknown unit 'nsec'",
    "512, BYTES, has no unit",
    "512 MB/s, BYTES, unknown unit 'MB/s'",
    "1 KB, BYTES, decimal and binary prefixes differ",
    "1 M, BYTES, decimal and binary prefixes differ",
    "0.0001 ns, PS, is 0.1 ps",
    "0.3 KiB, BYTES, not a whole number",
    "64 ways, COUNT, unknown unit 'ways'",
    "6.4, COUNT, not a whole number",
    "1e6, COUNT, unknown unit 'e6'",
    "0x10, COUNT, unknown unit 'x10'",
    "NaN, PS, is not a number",
    ".nan, PS, is not a number",
    ".inf, COUNT, is not a number",
    "Infinity s, PS, is not a number",
    "1_000 ns, PS, unknown unit '_000 ns'",
    "1.2.3 ns, PS, unknown unit '.3 ns'",
    "5., COUNT, unknown unit '.'",
    "16 EiB, BYTES, unknown unit 'EiB'",
    "99999999999 TiB, BYTES, absurdly large",
    "9223372036854775808 ps, PS, absurdly large",
    "12.5 %, PERCENT, not a whole number",
    "25, PERCENT, has no unit",
    "1 NS, PS, did you mean 'ns'",
    "2.4 Ghz, HERTZ, did you mean 'GHz'"
  })
  void anythingElse_isRefusedWithTheReason(String text, Unit unit, String reason) {
    String message = assertThrows(Quantity.RefusedException.class, () -> Quantity.parse(text, unit))
        .getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.contains("'" + text + "'"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "536870912, BYTES, 512 MiB",
    "1000000, BYTES, 1000000 B",
    "1200, PS, 1.2 ns",
    "416667, PS, 416.667 ns",
    "1234567, PS, 1234.567 ns",
    "2400000000, HERTZ, 2.4 GHz",
    "55000, PS_PER_KIB, 55 ns/KiB",
    "93750, PS_PER_KIB, 93.75 ns/KiB",
    "500, MILLICYCLES, 0.5 cycles",
    "0, BYTES, 0 B",
    "0, PS, 0 ps",
    "25, PERCENT, 25 %",
    "100, COUNT, 100"
  })
  void format_isTheShortestExactNotation(long value, Unit unit, String text) {
    assertEquals(text, Quantity.format(value, unit));
  }

  @Test
  void format_thenParse_isTheIdentity() throws Quantity.RefusedException {
    long seed = Long.getLong("test.seed", 20_261_124L);
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      long value = random.nextLong() >>> random.nextInt(63);
      value = random.nextBoolean() ? value : value / 1000 * 1000;
      for (Unit unit : Unit.values()) {
        if (Quantity.isConfigurable(unit)) {
          String text = Quantity.format(value, unit);
          assertEquals(value, Quantity.parse(text, unit), text + ", -Dtest.seed=" + seed);
        }
      }
    }
  }
}
