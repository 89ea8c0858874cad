package org.legosim.trace.format;

import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.trace.Mapping;

/** The mappings that an exec, or a process's beginning, left: ascending and disjoint. */
public record ImageBlock(int pid, int image, List<Mapping> mappings) {
  private static final int MOST_MAPPINGS = 1 << 18;
  private static final String PROTECTIONS = "rwxs";

  public ImageBlock {
    mappings = List.copyOf(mappings);
  }

  public void encode(ByteSink out) {
    out.putVarint(mappings.size());
    for (Mapping mapping : mappings) {
      out.putVarint(mapping.start());
      out.putVarint(mapping.end());
      out.putByte(protectionBits(mapping.protection()));
      out.putVarint(mapping.fileOffset());
      out.putString(mapping.name());
    }
  }

  public static ImageBlock decode(ByteSource in, int pid, int image) {
    int count = in.count(MOST_MAPPINGS, "the number of mappings");
    List<Mapping> mappings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = in.varint();
      long end = in.varint();
      int bits = in.byteValue();
      if (bits >= 1 << PROTECTIONS.length()) {
        throw in.damage("a mapping's protection " + bits + " is unknown");
      }
      long fileOffset = in.varint();
      String name = in.string(Ltrace.MAX_STRING_BYTES);
      mappings.add(new Mapping(start, end, protection(bits), fileOffset, name));
    }
    if (!in.isAtEnd()) {
      throw in.damage("a process image is followed by more");
    }
    String problem = firstProblem(mappings);
    if (!problem.isEmpty()) {
      throw in.damage(problem);
    }
    return new ImageBlock(pid, image, mappings);
  }

  /** @return what is wrong with a list of mappings, or nothing */
  public static String firstProblem(List<Mapping> mappings) {
    long before = 0;
    for (Mapping mapping : mappings) {
      // the data of a program's file may end within a page, the rest of which is bss
      long mustBegin = mapping.hasBss() ? mapping.start() : mapping.start() | mapping.end();
      if ((mustBegin & Ltrace.PAGE_BYTES - 1) != 0) {
        return "a mapping does not begin and end at a page: " + describe(mapping);
      }
      if (Long.compareUnsigned(mapping.start(), mapping.end()) >= 0) {
        return "a mapping ends before it begins: " + describe(mapping);
      }
      if (Long.compareUnsigned(mapping.start(), before) < 0) {
        return "mappings overlap or are not in ascending order: " + describe(mapping);
      }
      before = mapping.end();
    }
    return "";
  }

  /** Four characters as in /proc/PID/maps to bits: 1 read, 2 write, 4 execute, 8 shared. */
  public static int protectionBits(String protection) {
    int bits = 0;
    for (int i = 0; i < PROTECTIONS.length(); i++) {
      bits |= protection.charAt(i) == PROTECTIONS.charAt(i) ? 1 << i : 0;
    }
    return bits;
  }

  public static String protection(int bits) {
    StringBuilder text = new StringBuilder("---p");
    for (int i = 0; i < PROTECTIONS.length(); i++) {
      if ((bits & 1 << i) != 0) {
        text.setCharAt(i, PROTECTIONS.charAt(i));
      }
    }
    return text.toString();
  }

  private static String describe(Mapping mapping) {
    return "0x" + Long.toHexString(mapping.start()) + " 0x" + Long.toHexString(mapping.end());
  }
}
