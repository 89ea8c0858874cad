package org.legosim.trace.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;

/** Finds a function by name in the symbol tables of a 64-bit little-endian ELF file. */
final class ElfSymbols {
  private static final int AT_SECTIONS = 40;
  private static final int AT_SECTION_BYTES = 58;
  private static final int AT_SECTION_COUNT = 60;
  private static final int SYMBOL_TABLE = 2;
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final int SYMBOL_BYTES = 24;
  private static final int FUNCTION = 2;
  private static final int TYPE_MASK = 0xf;
  private static final int MOST_FILE_BYTES = Integer.MAX_VALUE;

  private ElfSymbols() {}

  /**
   * Address of a function as the file has it.
   *
   * @throws ConfigException when the file knows no such function
   */
  static long address(Path program, String function) {
    try (FileChannel channel = FileChannel.open(program)) {
      long size = Math.min(channel.size(), MOST_FILE_BYTES);
      ByteBuffer elf =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, size).order(ByteOrder.LITTLE_ENDIAN);
      OptionalLong found = find(elf, function);
      if (found.isPresent()) {
        return found.getAsLong();
      }
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TraceException(program + ": its symbol table cannot be read: " + e.getMessage(), e);
    }
    throw new ConfigException(program + ": has no symbol for a function " + function
        + " (a stripped program has none); record from 'start' or 'entry' instead");
  }

  private static OptionalLong find(ByteBuffer elf, String function) {
    int sections = Math.toIntExact(elf.getLong(AT_SECTIONS));
    int sectionBytes = elf.getShort(AT_SECTION_BYTES) & 0xffff;
    int count = elf.getShort(AT_SECTION_COUNT) & 0xffff;
    for (int i = 0; i < count; i++) {
      int at = sections + i * sectionBytes;
      int type = elf.getInt(at + 4);
      if (type == SYMBOL_TABLE || type == DYNAMIC_SYMBOLS) {
        int names = sections + elf.getInt(at + 40) * sectionBytes;
        OptionalLong found = findIn(elf, at, Math.toIntExact(elf.getLong(names + 24)), function);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong findIn(ByteBuffer elf, int section, int names, String function) {
    byte[] wanted = function.getBytes(StandardCharsets.UTF_8);
    int start = Math.toIntExact(elf.getLong(section + 24));
    int end = Math.addExact(start, Math.toIntExact(elf.getLong(section + 32)));
    for (int at = start; at + SYMBOL_BYTES <= end; at += SYMBOL_BYTES) {
      boolean isFunction = (elf.get(at + 4) & TYPE_MASK) == FUNCTION && elf.getShort(at + 6) != 0;
      if (isFunction && isName(elf, Math.addExact(names, elf.getInt(at)), wanted)) {
        return OptionalLong.of(elf.getLong(at + 8));
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isName(ByteBuffer elf, int at, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (elf.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return elf.get(at + wanted.length) == 0;
  }
}
