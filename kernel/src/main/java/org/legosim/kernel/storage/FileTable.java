package org.legosim.kernel.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files by path: a number for each, what is known of its length, and the read-ahead of whoever keeps
 * it open. Lengths are not in traces: a file that was there before is as long as anyone reads.
 */
final class FileTable {
  /** A path has at most so many characters in a message. */
  private static final int PATH_MAX = 255;

  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Long> lengths = new ArrayList<>();
  private final List<ReadAhead> histories = new ArrayList<>();
  private final long readAheadPages;

  FileTable(long readAheadPages) {
    this.readAheadPages = readAheadPages;
  }

  private static String name(String path) {
    return path.substring(0, Math.min(PATH_MAX, path.length()));
  }

  /** The file's number; a path that is new was there before. */
  int number(String path) {
    Integer known = numbers.get(name(path));
    return known == null ? add(path, UNKNOWN) : known;
  }

  private int add(String path, long length) {
    int number = lengths.size();
    numbers.put(name(path), number);
    lengths.add(length);
    histories.add(new ReadAhead(readAheadPages));
    return number;
  }

  long readAheadPages() {
    return readAheadPages;
  }

  /** Files that were ever named. */
  int count() {
    return lengths.size();
  }

  ReadAhead history(int file) {
    return histories.get(file);
  }

  /** First byte behind what may be on the drive or in memory. */
  long length(int file) {
    return lengths.get(file);
  }

  /** True while nobody said how long the file is. */
  boolean isUnknown(int file) {
    return lengths.get(file) == UNKNOWN;
  }

  void wrote(int file, long end) {
    if (lengths.get(file) < end) {
      lengths.set(file, end);
    }
  }

  /** The file ends at {@code length} now. */
  void truncate(int file, long length) {
    lengths.set(file, length);
  }

  /** The path stands for nothing any more; a file that gets it is a new one. */
  void unlink(String path) {
    numbers.remove(name(path));
  }

  void rename(String from, String to) {
    int file = number(from);
    numbers.remove(name(from));
    numbers.put(name(to), file);
  }
}
