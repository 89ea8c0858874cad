package org.legosim.trace.format;

import java.nio.charset.StandardCharsets;

/** Guesses what a file is from its first bytes, for messages about a wrong one. */
public final class FileKind {
  private record Signature(String bytes, String words) {}

  private static final Signature[] SIGNATURES = {
    new Signature("LTRACE", "a native trace whose line ends were rewritten by a transfer"),
    new Signature("legosim-text", "a trace in text form"),
    new Signature("\u001f\u008b", "gzip-compressed data"),
    new Signature("\u00fd7zXZ", "xz-compressed data"),
    new Signature("(\u00b5/\u00fd", "zstd-compressed data"),
    new Signature("BZh", "bzip2-compressed data"),
    new Signature("PK\u0003\u0004", "a zip archive"),
    new Signature("PAR1", "a Parquet file"),
    new Signature("\u007fELF", "a program or library (ELF)"),
    new Signature("\u0089HDF", "an HDF5 file"),
    new Signature("%PDF", "a PDF document"),
    new Signature("<", "HTML or XML"),
    new Signature("{", "JSON"),
    new Signature("DMB1", "a trace of a prototype of legosim"),
  };

  private FileKind() {}

  /** @return words that follow "it looks like" */
  public static String describe(byte[] bytes, int length) {
    if (length == 0) {
      return "an empty file";
    }
    String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    for (Signature signature : SIGNATURES) {
      if (head.startsWith(signature.bytes())) {
        return signature.words();
      }
    }
    boolean isText =
        head.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t');
    return isText ? "other text" : "other binary data";
  }
}
