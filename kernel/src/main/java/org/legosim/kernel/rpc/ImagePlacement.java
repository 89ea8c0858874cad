package org.legosim.kernel.rpc;

import java.util.List;
import org.legosim.timing.trace.Mapping;

/** Where a program image lies once it is loaded. */
public final class ImagePlacement {
  /** Longs per range in {@link #ranges}. */
  public static final int RANGE_LONGS = 4;

  private static final long[] NOTHING = {};

  private final List<Mapping> mappings;
  private final long[] ranges;
  private final long mapTop;
  private final long breakBase;
  private final long[] search;

  /** See the accessors. */
  public ImagePlacement(
      List<Mapping> mappings, long[] ranges, long mapTop, long breakBase, long[] search) {
    this.mappings = List.copyOf(mappings);
    this.ranges = ranges;
    this.mapTop = mapTop;
    this.breakBase = breakBase;
    this.search = search;
  }

  /** The image where it was captured. */
  public static ImagePlacement captured(List<Mapping> mappings) {
    return new ImagePlacement(mappings, NOTHING, 0, 0, NOTHING);
  }

  /** The same search for free addresses in an address space that begins empty. */
  public ImagePlacement withoutMappings() {
    return new ImagePlacement(List.of(), NOTHING, mapTop, breakBase, search);
  }

  /** True when the simulated addresses are the captured ones. */
  public boolean isCaptured() {
    return mapTop == 0;
  }

  /** Mappings of the image, at their simulated addresses. */
  public List<Mapping> mappings() {
    return mappings;
  }

  /**
   * Ranges of the captured image and where each went: first captured address, first captured address
   * behind it, first simulated address, and 1 for a stack, which grows downwards.
   */
  public long[] ranges() {
    return ranges;
  }

  /** First address behind the room that the search for free addresses looks through. */
  public long mapTop() {
    return mapTop;
  }

  /** Page at which the heap begins. */
  public long breakBase() {
    return breakBase;
  }

  /**
   * Where a search that is aware of the cache goes on, as the memory node writes it down; empty for a
   * search that only looks for gaps.
   */
  public long[] search() {
    return search;
  }
}
