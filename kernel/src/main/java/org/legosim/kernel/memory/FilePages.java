package org.legosim.kernel.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/**
 * A memory node's cache of file data: lines by file and place, kept by {@link Lirs}; written ones go to
 * the storage node when they are thrown out or the program asks for it.
 *
 * <p>Source: LegoOS {@code managers/memory/pgcache}.
 */
final class FilePages {
  private static final int FILE_SHIFT = 40;

  private final long lineBytes;
  private final Lirs lirs;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();
  /** Written lines of each file. */
  private final List<TreeSet<Long>> dirty = new ArrayList<>();

  private long hits;
  private long misses;

  FilePages(PageCacheParams params) {
    lineBytes = params.lineBytes();
    lirs = new Lirs(params.lirLines(), params.hirLines());
  }

  long hits() {
    return hits;
  }

  long misses() {
    return misses;
  }

  private int number(String file) {
    Integer known = numbers.get(file);
    if (known != null) {
      return known;
    }
    numbers.put(file, names.size());
    names.add(file);
    dirty.add(new TreeSet<>());
    return names.size() - 1;
  }

  private long firstLine(Request request) {
    return request.argument[Request.FILE_OFFSET] / lineBytes;
  }

  private long endLine(Request request) {
    long end = request.argument[Request.FILE_OFFSET] + request.length;
    return (end + lineBytes - 1) / lineBytes;
  }

  private static long key(int file, long line) {
    return (long) file << FILE_SHIFT | line;
  }

  /** True when a read or write finds all its lines here. Changes nothing. */
  boolean hasAll(Request request) {
    Integer file = numbers.get(request.text);
    if (file == null) {
      return request.length == 0;
    }
    for (long line = firstLine(request); line < endLine(request); line++) {
      if (!lirs.isResident(key(file, line))) {
        return false;
      }
    }
    return true;
  }

  /** Uses the lines of a read or write; {@code path} asks for what is missing and takes what goes. */
  void use(Request request, boolean writes, StoragePath path) {
    int file = number(request.text);
    for (long line = firstLine(request); line < endLine(request); line++) {
      boolean isHere = lirs.use(key(file, line));
      hits += isHere ? 1 : 0;
      misses += isHere ? 0 : 1;
      writeEvicted(path);
      if (!isHere && !(writes && coversLine(request, line))) {
        path.add(Opcode.M2S_READ, request.text, line * lineBytes, lineBytes, 0);
      }
      if (writes) {
        dirty.get(file).add(line);
      }
    }
  }

  private void writeEvicted(StoragePath path) {
    long gone = lirs.evicted();
    if (gone == Lirs.NONE) {
      return;
    }
    int file = (int) (gone >>> FILE_SHIFT);
    long line = gone & ((1L << FILE_SHIFT) - 1);
    if (dirty.get(file).remove(line)) {
      path.add(Opcode.M2S_WRITE, names.get(file), line * lineBytes, lineBytes, 0);
    }
  }

  private boolean coversLine(Request request, long line) {
    long start = request.argument[Request.FILE_OFFSET];
    return start <= line * lineBytes && start + request.length >= (line + 1) * lineBytes;
  }

  /** All written lines of a file go to the storage node, which answers the last when they are safe. */
  void sync(String name, StoragePath path) {
    TreeSet<Long> written = dirty.get(number(name));
    while (!written.isEmpty()) {
      long line = written.first();
      written.remove(line);
      path.add(
          Opcode.M2S_WRITE,
          name,
          line * lineBytes,
          lineBytes,
          written.isEmpty() ? Request.FILE_SYNC : 0);
    }
    if (path.isEmpty()) {
      path.add(Opcode.FSYNC, name, 0, 0, 0);
    }
  }

  /** The file has another name now; what had that name before is given up. */
  void rename(String from, String to) {
    int file = number(from);
    numbers.remove(from);
    numbers.put(to, file);
    names.set(file, to);
  }
}
