package org.legosim.configs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.legosim.timing.params.Unit;

/**
 * Numbers with units as they stand in a configuration, and their canonical form: a {@code long} in
 * the parameter's {@link Unit}. The arithmetic is exact decimal: a value that is not a whole number
 * of canonical units is refused, never rounded.
 */
final class Quantity {
  /** A number, white space or none, and the rest as the unit. */
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?[0-9]{1,40}(?:\\.[0-9]{1,40})?)\\s*(\\S.*)?", Pattern.DOTALL);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Map<Unit, Map<String, BigDecimal>> SCALES = scales();

  private Quantity() {}

  /** Why a text is not a value of a unit; the caller adds key and place. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** Whether numbers of this unit can stand in a configuration at all. */
  static boolean isConfigurable(Unit unit) {
    return SCALES.containsKey(unit);
  }

  /** The spellings of a unit that are understood, largest last; one empty spelling for a count. */
  static List<String> spellings(Unit unit) {
    return List.copyOf(scalesOf(unit).keySet());
  }

  /**
   * @return {@code text} in canonical units
   * @throws RefusedException for anything but one number with one known unit, or a remainder
   */
  static long parse(String text, Unit unit) throws RefusedException {
    return toLong(text, parseDecimal(text, unit), unit);
  }

  /** As {@link #parse}, in canonical units with a fraction. */
  static BigDecimal parseDecimal(String text, Unit unit) throws RefusedException {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      throw new RefusedException("'" + text + "' is not a number; expected " + expected(unit));
    }
    String spelling = matcher.group(2) == null ? "" : matcher.group(2);
    BigDecimal scale = scalesOf(unit).get(spelling);
    if (scale == null) {
      throw new RefusedException(wrongUnit(text, spelling, unit));
    }
    return new BigDecimal(matcher.group(1)).multiply(scale);
  }

  /** A decimal in canonical units as a {@code long}, refusing remainders and overflow. */
  static long toLong(String text, BigDecimal value, Unit unit) throws RefusedException {
    if (value.abs().compareTo(MAX) > 0) {
      throw new RefusedException("'" + text + "' is absurdly large: at most " + MAX + " "
          + unit.symbol() + " can be counted");
    }
    BigDecimal whole = value.stripTrailingZeros();
    if (whole.scale() > 0) {
      throw new RefusedException("'"
          + text
          + "' is "
          + whole.toPlainString()
          + " "
          + unit.symbol()
          + ", not a whole number; write a multiple of 1 "
          + unit.symbol());
    }
    return whole.longValueExact();
  }

  /** The shortest exact notation: {@code 512 MiB}, {@code 2.4 GHz}, {@code 1.2 us}, {@code 64}. */
  static String format(long value, Unit unit) {
    String best = "";
    for (Map.Entry<String, BigDecimal> scale : scalesOf(unit).entrySet()) {
      BigDecimal number = quotient(value, scale.getValue());
      boolean isReadable = number.scale() <= decimals(scale.getKey());
      boolean isAtLeastOne = number.abs().compareTo(BigDecimal.ONE) >= 0;
      if (best.isEmpty() || (isReadable && isAtLeastOne && isPreferred(scale.getKey()))) {
        best = (number.toPlainString() + " " + scale.getKey()).strip();
      }
    }
    return best;
  }

  /** What no real or imagined machine exceeds: the bound of a key that declares none. */
  static long largestSane(Unit unit) {
    return switch (unit) {
      case PS -> 1_000_000_000_000_000_000L; // 11 days
      case BYTES -> 1L << 50; // 1 PiB
      case HERTZ, PER_SECOND -> 1_000_000_000_000L; // 1 THz
      case BITS_PER_SECOND -> 1_000_000_000_000_000L; // 1000 Tbit/s
      case PS_PER_KIB, MILLICYCLES, CYCLES, COUNT, PERCENT -> 1_000_000_000_000L;
      case RATIO, NS, TEXT, FLAG -> Long.MAX_VALUE;
    };
  }

  /** An example of the notation, for messages. */
  static String example(Unit unit) {
    return switch (unit) {
      case PS -> "1.2 us";
      case BYTES -> "512 MiB";
      case HERTZ -> "2.4 GHz";
      case BITS_PER_SECOND -> "40 Gbit/s";
      case PS_PER_KIB -> "55 ns/KiB";
      case CYCLES -> "36 cycles";
      case MILLICYCLES -> "0.5 cycles";
      case PERCENT -> "25 %";
      case PER_SECOND -> "35 M/s";
      case COUNT, RATIO, NS, TEXT, FLAG -> "64";
    };
  }

  private static String expected(Unit unit) {
    List<String> spellings = spellings(unit);
    return spellings.contains("")
        ? "a whole number such as " + example(unit)
        : "a number with its unit (" + String.join(", ", spellings) + "), such as " + example(unit);
  }

  private static String wrongUnit(String text, String spelling, Unit unit) {
    if (spelling.isEmpty()) {
      return "'" + text + "' has no unit; expected " + expected(unit);
    }
    if (unit == Unit.BYTES && spelling.equals("%")) {
      return "'" + text
          + "' has the unknown unit '%' (a share of a trace's footprint is for the axis"
          + " pcache.size of a sweep file); expected " + expected(unit);
    }
    String hint = "";
    if (unit == Unit.BYTES && spelling.matches("[KMGT]B?|k")) {
      hint = " (decimal and binary prefixes differ: 1 kB = 1000 B, 1 KiB = 1024 B)";
    }
    String near =
        spellings(unit).contains("") ? "" : NearestName.suggestion(spelling, spellings(unit));
    return "'" + text + "' has the unknown unit '" + spelling + "'" + hint + "; expected "
        + expected(unit) + near;
  }

  private static BigDecimal quotient(long value, BigDecimal scale) {
    BigDecimal number = BigDecimal.valueOf(value).divide(scale, 60, RoundingMode.UNNECESSARY);
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  /** Binary multiples are only read easily when whole. */
  private static int decimals(String spelling) {
    return spelling.endsWith("iB") && !spelling.contains("/") ? 0 : 3;
  }

  /** Spellings used for output: each quantity has one family. */
  private static boolean isPreferred(String spelling) {
    return !spelling.matches("cycle|byte|bytes|[kMGT]B|[KMGT]iB/s|[kMGT]?B/s|ps/B|ns/B");
  }

  private static Map<String, BigDecimal> scalesOf(Unit unit) {
    Map<String, BigDecimal> scales = SCALES.get(unit);
    if (scales == null) {
      throw new IllegalArgumentException(unit + " is no unit of a configured number");
    }
    return scales;
  }

  private static Map<Unit, Map<String, BigDecimal>> scales() {
    Map<Unit, Map<String, BigDecimal>> scales = new LinkedHashMap<>();
    scales.put(Unit.PS, decimal("ps", "ns", "us", "ms", "s"));
    scales.put(Unit.BYTES, bytes());
    scales.put(Unit.HERTZ, decimal("Hz", "kHz", "MHz", "GHz"));
    scales.put(Unit.BITS_PER_SECOND, bitRates());
    Map<String, BigDecimal> perKib = decimal("ps/KiB", "ns/KiB", "us/KiB");
    perKib.put("ps/B", BigDecimal.valueOf(1024));
    perKib.put("ns/B", BigDecimal.valueOf(1_024_000));
    scales.put(Unit.PS_PER_KIB, perKib);
    Map<String, BigDecimal> cycles = decimal("cycles");
    cycles.put("cycle", BigDecimal.ONE);
    scales.put(Unit.CYCLES, cycles);
    scales.put(Unit.MILLICYCLES, scaled(decimal("cycles"), 1000));
    scales.put(Unit.COUNT, decimal(""));
    scales.put(Unit.PERCENT, decimal("%"));
    scales.put(Unit.PER_SECOND, decimal("1/s", "k/s", "M/s"));
    return scales;
  }

  /** Each spelling a thousand times the one before. */
  private static Map<String, BigDecimal> decimal(String... spellings) {
    Map<String, BigDecimal> scales = new LinkedHashMap<>();
    BigDecimal scale = BigDecimal.ONE;
    for (String spelling : spellings) {
      scales.put(spelling, scale);
      scale = scale.movePointRight(3);
    }
    return scales;
  }

  private static Map<String, BigDecimal> scaled(Map<String, BigDecimal> scales, long factor) {
    scales.replaceAll((spelling, scale) -> scale.multiply(BigDecimal.valueOf(factor)));
    return scales;
  }

  private static Map<String, BigDecimal> bytes() {
    Map<String, BigDecimal> scales = decimal("B", "kB", "MB", "GB", "TB");
    scales.put("byte", BigDecimal.ONE);
    scales.put("bytes", BigDecimal.ONE);
    BigDecimal scale = BigDecimal.ONE;
    for (String spelling : List.of("KiB", "MiB", "GiB", "TiB", "PiB")) {
      scale = scale.multiply(BigDecimal.valueOf(1024));
      scales.put(spelling, scale);
    }
    return scales;
  }

  private static Map<String, BigDecimal> bitRates() {
    Map<String, BigDecimal> scales = decimal("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s");
    scales.putAll(scaled(decimal("B/s", "kB/s", "MB/s", "GB/s", "TB/s"), 8));
    BigDecimal scale = BigDecimal.valueOf(8);
    for (String spelling : List.of("KiB/s", "MiB/s", "GiB/s")) {
      scale = scale.multiply(BigDecimal.valueOf(1024));
      scales.put(spelling, scale);
    }
    return scales;
  }
}
