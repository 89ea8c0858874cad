package org.legosim.reports.compare;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.legosim.reports.store.ResultSet;
import org.legosim.reports.store.SetFile;
import org.legosim.reports.table.Table;

/**
 * A digest of rows that does not depend on their order: the sum of the rows' SHA-256.
 *
 * @param rows counted
 * @param sum modulo 2^256
 */
record RowDigest(long rows, BigInteger sum) {
  static final RowDigest NONE = new RowDigest(0, BigInteger.ZERO);
  private static final int BITS = 256;

  /** Of each point's rows in one table, the point's id left out. */
  static Map<String, RowDigest> byPoint(ResultSet set, SetFile file) {
    Map<String, RowDigest> digests = new LinkedHashMap<>();
    MessageDigest sha256 = sha256();
    set.scan(file, table -> {
      for (int row = 0; row < table.rows(); row++) {
        BigInteger digest = new BigInteger(1, sha256.digest(content(table, row)));
        digests.merge(table.textAt(0, row), new RowDigest(1, digest), RowDigest::plus);
      }
    });
    return digests;
  }

  private RowDigest plus(RowDigest other) {
    BigInteger total = sum.add(other.sum);
    BigInteger wrapped = total.testBit(BITS) ? total.clearBit(BITS) : total;
    return new RowDigest(rows + other.rows, wrapped);
  }

  private static byte[] content(Table table, int row) {
    StringBuilder content = new StringBuilder();
    for (int column = 1; column < table.columns().size(); column++) {
      String value = SetComparer.plain(table.at(column, row));
      content.append(value.length()).append(':').append(value);
    }
    return content.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
