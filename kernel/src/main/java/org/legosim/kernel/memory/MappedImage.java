package org.legosim.kernel.memory;

import org.legosim.timing.trace.Mapping;

/** Translates the mappings that a trace carries into areas. */
final class MappedImage {
  private static final String STACK = "[stack]";
  private static final String ANONYMOUS = "[anon]";

  private MappedImage() {}

  /** True for what the loader maps on the node that it runs on: files, heap, stack. */
  static boolean staysHome(Mapping mapping) {
    return !mapping.name().equals(ANONYMOUS);
  }

  static Area areaOf(Mapping mapping) {
    String protection = mapping.protection();
    int bits = 0;
    for (int bit = 0; bit < 3; bit++) {
      if (protection.charAt(bit) != '-') {
        bits |= 1 << bit;
      }
    }
    boolean isAnonymous = mapping.isAnonymous();
    return new Area(
        mapping.start() & -PageTable.PAGE_BYTES,
        AddressSpace.pageUp(mapping.end()),
        bits,
        protection.length() > 3 && protection.charAt(3) == 's',
        mapping.name().equals(STACK),
        isAnonymous ? "" : mapping.name(),
        isAnonymous ? 0 : mapping.fileOffset());
  }
}
