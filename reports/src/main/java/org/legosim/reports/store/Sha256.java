package org.legosim.reports.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has. */
final class Sha256 {
  static final int BYTES = 32;

  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Digest of the bytes in lower-case hexadecimal. */
  static String hex(byte[] bytes) {
    return hex(start().digest(bytes), 0);
  }

  static String hex(byte[] digest, int from) {
    return HexFormat.of().formatHex(digest, from, digest.length);
  }
}
