package org.legosim.hardware.dram;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.Units;
import org.legosim.timing.engine.HotPath;

/**
 * Which channel, rank, bank and row a line of memory lies in. The map is a string of two-letter
 * fields from the most to the least significant: {@code rochrababgco} is row, channel, rank, bank,
 * bank group, column. Every field is a digit in a mixed radix of its size, so a number of channels
 * that is no power of two works like any other. Lines beyond the memory's end wrap to row 0.
 */
@HotPath
final class AddressMap {
  private static final int CHANNEL = 0;
  private static final int RANK = 1;
  private static final int BANK_GROUP = 2;
  private static final int BANK = 3;
  private static final int ROW = 4;
  private static final int COLUMN = 5;
  private static final int FIELDS = 6;
  private static final List<String> NAMES = List.of("ch", "ra", "bg", "ba", "ro", "co");

  private final long[] divisor = new long[FIELDS];
  private final int[] size = new int[FIELDS];
  /** Shift for the divisor where every size below is a power of two, else -1. */
  private final int[] shift = new int[FIELDS];

  private int channel;
  private int rank;
  private int bankGroup;
  private int bank;
  private int row;

  /**
   * @param key of the map, for messages
   * @throws ConfigException unless each field stands in the map exactly once
   */
  AddressMap(String key, String map, int channels, int ranks, DramTiming.Organisation parts) {
    size[CHANNEL] = channels;
    size[RANK] = ranks;
    size[BANK_GROUP] = parts.bankGroups();
    size[BANK] = parts.banksPerGroup();
    size[ROW] = parts.rows();
    size[COLUMN] = parts.rowBytes() / parts.lineBytes();
    long below = 1;
    List<Integer> fields = parse(key, map);
    for (int position = FIELDS - 1; position >= 0; position--) {
      int field = fields.get(position);
      divisor[field] = below;
      shift[field] = Units.isPowerOfTwo(below) ? Units.log2Exact(below) : -1;
      below = Math.multiplyExact(below, size[field]);
    }
  }

  private static List<Integer> parse(String key, String map) {
    List<Integer> fields = new ArrayList<>();
    for (int at = 0; at + 2 <= map.length(); at += 2) {
      int field = NAMES.indexOf(map.substring(at, at + 2));
      if (field >= 0 && !fields.contains(field)) {
        fields.add(field);
      }
    }
    if (fields.size() != FIELDS || map.length() != 2 * FIELDS) {
      throw new ConfigException(key
          + ": '"
          + map
          + "' is no address map; write ro, ch, ra, ba, bg and co once each, the most"
          + " significant first, such as rochrababgco");
    }
    return fields;
  }

  /** Takes a line apart; the parts stand in the accessors until the next call. */
  void decode(long line) {
    channel = digit(line, CHANNEL);
    rank = digit(line, RANK);
    bankGroup = digit(line, BANK_GROUP);
    bank = digit(line, BANK);
    row = digit(line, ROW);
  }

  private int digit(long line, int field) {
    long above = shift[field] >= 0 ? line >>> shift[field] : line / divisor[field];
    int radix = size[field];
    return (radix & (radix - 1)) == 0 ? (int) above & (radix - 1) : (int) (above % radix);
  }

  int channel() {
    return channel;
  }

  int rank() {
    return rank;
  }

  int bankGroup() {
    return bankGroup;
  }

  /** Within its group. */
  int bank() {
    return bank;
  }

  int row() {
    return row;
  }
}
