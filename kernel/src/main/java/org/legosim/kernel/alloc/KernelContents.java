package org.legosim.kernel.alloc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the kernel's memory holds, word by word; pages that nobody wrote are zeroes. */
final class KernelContents {
  static final int PAGE_BYTES = 4096;
  static final int PAGE_SHIFT = 12;
  private static final int WORDS = PAGE_BYTES / Long.BYTES;

  private final long firstAddress;
  private long[] @Nullable [] pages = new long[16][];

  /** @param firstAddress of page 0, page-aligned */
  KernelContents(long firstAddress) {
    this.firstAddress = firstAddress;
  }

  long addressOf(int page) {
    return firstAddress + ((long) page << PAGE_SHIFT);
  }

  int pageOf(long address) {
    return (int) ((address - firstAddress) >>> PAGE_SHIFT);
  }

  static int offsetOf(long address) {
    return (int) address & (PAGE_BYTES - 1);
  }

  /** The word that holds {@code address}. */
  long read(long address) {
    int page = pageOf(address);
    long[] words = page < pages.length ? pages[page] : null;
    return words == null ? 0 : words[offsetOf(address) / Long.BYTES];
  }

  void write(long address, long value) {
    words(pageOf(address))[offsetOf(address) / Long.BYTES] = value;
  }

  /** Two bytes at an even address. */
  void writeUnit(long address, int value) {
    int shift = ((int) address & (Long.BYTES - 1)) * Byte.SIZE;
    long mask = 0xffffL << shift;
    write(address, (read(address) & ~mask) | ((long) (value & 0xffff) << shift));
  }

  int readUnit(long address) {
    int shift = ((int) address & (Long.BYTES - 1)) * Byte.SIZE;
    return (int) (read(address) >>> shift) & 0xffff;
  }

  private long[] words(int page) {
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, 2 * pages.length));
    }
    long[] words = pages[page];
    if (words == null) {
      words = new long[WORDS];
      pages[page] = words;
    }
    return words;
  }

  /** Zeroes every word that begins in the range. */
  void clear(long address, long bytes) {
    for (long at = address; at < address + bytes; at += Long.BYTES) {
      if (read(at) != 0) {
        write(at, 0);
      }
    }
  }

  /** The bytes of an ASCII text and a zero behind it. */
  void writeText(long address, String text) {
    for (int i = 0; i <= text.length(); i++) {
      int value = i == text.length() ? 0 : text.charAt(i) & 0x7f;
      long at = address + i;
      int shift = ((int) at & (Long.BYTES - 1)) * Byte.SIZE;
      write(at, (read(at) & ~(0xffL << shift)) | ((long) value << shift));
    }
  }
}
