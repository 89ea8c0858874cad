package org.legosim.hardware.dram;

import java.util.List;
import java.util.stream.Collectors;
import org.legosim.hardware.dram.DramTiming.Latencies;
import org.legosim.hardware.dram.DramTiming.Organisation;
import org.legosim.hardware.dram.DramTiming.Spacing;
import org.legosim.timing.ConfigException;

/**
 * The DRAM presets. Cycle counts are those of the tables of Ramulator 2.1 for x8 devices unless a
 * source says otherwise; clock periods are exact where the tables round. Ranks are 64 bits wide, of 8
 * Gbit devices (DDR3: 4 Gbit, DDR5: 32-bit sub-channels of 16 Gbit devices).
 */
final class DramPresets {
  private static final String RAMULATOR = "Ramulator 2.1 dram/";
  private static final long DDR3_RFC_PS = 260_000;
  private static final long DDR4_RFC_PS = 350_000;
  private static final long DDR5_RFC_PS = 295_000;
  private static final long REFI_PS = 7_800_000;
  private static final long DDR5_REFI_PS = 3_900_000;
  private static final Organisation DDR3_X8 = new Organisation(1, 8, 1 << 16, 8192, 64);
  private static final Organisation DDR4_X8 = new Organisation(4, 4, 1 << 16, 8192, 64);
  private static final Organisation DDR5_X8 = new Organisation(8, 4, 1 << 16, 4096, 64);

  private static final List<DramTiming> ALL = List.of(
      ddr3("DDR3_1333", "H", 1500, 1, new Latencies(9, 7, 9, 9, 24, 10, 5, 4), 4, 5, 20),
      ddr3("DDR3_1600", "K", 1250, 1, new Latencies(11, 8, 11, 11, 28, 12, 6, 4), 5, 6, 24),
      ddr3("DDR3_1866", "L", 7500, 7, new Latencies(12, 9, 12, 12, 32, 14, 7, 4), 5, 7, 26),
      ddr4("DDR4_1866", "M", 7500, 7, new Latencies(13, 10, 13, 13, 32, 14, 7, 4), 5, 5, 3, 7, 22),
      ddr4("DDR4_2133", "P", 1875, 2, new Latencies(15, 11, 15, 15, 36, 16, 8, 4), 6, 6, 3, 8, 23),
      new DramTiming(
          "DDR4_2400",
          "17-17-17 set shared by DRAMsim3 (DDR4_8Gb_x8_2400) and Ramulator 2.1 in comparisons",
          2500,
          3,
          new Latencies(17, 12, 17, 17, 39, 18, 9, 4),
          new Spacing(4, 6, 4, 6, 3, 9, 26, 1),
          DDR4_RFC_PS,
          REFI_PS,
          DDR4_X8),
      ddr4("DDR4_2666", "V", 750, 1, new Latencies(19, 14, 19, 19, 43, 20, 10, 4), 7, 7, 4, 10, 28),
      ddr4(
          "DDR4_2933",
          "Y",
          7500,
          11,
          new Latencies(21, 16, 21, 21, 47, 22, 11, 4),
          8,
          8,
          4,
          11,
          31),
      ddr4(
          "DDR4_3200", "AA", 625, 1, new Latencies(22, 16, 22, 22, 52, 24, 12, 4), 8, 8, 4, 12, 34),
      new DramTiming(
          "DDR5_4800",
          RAMULATOR + "ddr5.py, DDR5_4800BN",
          1250,
          3,
          new Latencies(36, 34, 36, 36, 77, 72, 18, 8),
          new Spacing(8, 12, 8, 12, 6, 24, 48, 2),
          DDR5_RFC_PS,
          DDR5_REFI_PS,
          DDR5_X8));

  private DramPresets() {}

  /**
   * @param key that names the preset, for the message
   * @throws ConfigException for an unknown name
   */
  static DramTiming named(String name, String key) {
    return ALL.stream()
        .filter(timing -> timing.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new ConfigException(
            key + ": no DRAM preset is named " + name + "; allowed are " + names()));
  }

  static List<DramTiming> all() {
    return ALL;
  }

  private static String names() {
    return ALL.stream().map(DramTiming::name).collect(Collectors.joining(", "));
  }

  private static DramTiming ddr3(
      String name,
      String bin,
      long periodPs,
      long divisor,
      Latencies latencies,
      int rrd,
      int wtr,
      int faw) {
    return new DramTiming(
        name,
        RAMULATOR + "ddr3.py, " + name + bin,
        periodPs,
        divisor,
        latencies,
        new Spacing(4, 4, rrd, rrd, wtr, wtr, faw, 2),
        DDR3_RFC_PS,
        REFI_PS,
        DDR3_X8);
  }

  private static DramTiming ddr4(
      String name,
      String bin,
      long periodPs,
      long divisor,
      Latencies latencies,
      int ccdL,
      int rrdL,
      int wtrS,
      int wtrL,
      int faw) {
    return new DramTiming(
        name,
        RAMULATOR + "ddr4.py, " + name + bin + "; tRFC of 8 Gbit from DRAMsim3",
        periodPs,
        divisor,
        latencies,
        new Spacing(4, ccdL, 4, rrdL, wtrS, wtrL, faw, 2),
        DDR4_RFC_PS,
        REFI_PS,
        DDR4_X8);
  }
}
