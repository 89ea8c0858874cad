package org.legosim.kernel.rpc;

/**
 * What a page's data is, as one number in place of its bytes, so that a check can follow it through
 * every copy: 0 for zeroes, a negative number for a page of a file as it is on storage, a positive
 * one, larger than all before, for what a store left.
 */
public final class PageContent {
  public static final long ZEROES = 0;

  private static final long PAGE_BYTES = 4096;
  private static final long PRIME = 0x100000001b3L;
  private static final long BASIS = 0xcbf29ce484222325L;

  private PageContent() {}

  /** The page of a file that {@code offsetBytes} lies in. */
  public static long ofFile(String file, long offsetBytes) {
    long hash = BASIS;
    for (int i = 0; i < file.length(); i++) {
      hash = (hash ^ file.charAt(i)) * PRIME;
    }
    hash = (hash ^ offsetBytes / PAGE_BYTES) * PRIME;
    return hash | Long.MIN_VALUE;
  }

  /** The same when the program's data ends in that page: zeroes from {@code dataBytes} on, if not 0. */
  public static long ofFile(String file, long offsetBytes, int dataBytes) {
    long content = ofFile(file, offsetBytes);
    return dataBytes == 0 ? content : (content ^ dataBytes) * PRIME | Long.MIN_VALUE;
  }

  /** What the number says, for a message. */
  public static String describe(long content) {
    if (content == ZEROES) {
      return "zeroes";
    }
    return content < 0 ? "a page of a file as it is on storage" : "what store " + content + " left";
  }
}
