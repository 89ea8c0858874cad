package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Disjoint pieces of one address space by their start. */
final class RangeMap {
  /** Cuts the rear off a piece. */
  interface Splitter {
    /** The piece from {@code at} on; the given one has been shortened to it. */
    Piece split(Piece piece, long at);
  }

  private final TreeMap<Long, Piece> byStart = new TreeMap<>();

  void add(Piece piece) {
    byStart.put(piece.start, piece);
  }

  void remove(Piece piece) {
    byStart.remove(piece.start);
  }

  void clear() {
    byStart.clear();
  }

  /** The piece that holds an address. */
  @Nullable
  Piece find(long address) {
    Map.Entry<Long, Piece> floor = byStart.floorEntry(address);
    return floor != null && address < floor.getValue().end ? floor.getValue() : null;
  }

  Collection<Piece> all() {
    return byStart.values();
  }

  /** The pieces within a range; those that cross its ends are split there first. */
  List<Piece> within(long start, long end, Splitter splitter) {
    splitAt(start, splitter);
    splitAt(end, splitter);
    return start < end ? new ArrayList<>(byStart.subMap(start, end).values()) : List.of();
  }

  private void splitAt(long at, Splitter splitter) {
    Piece piece = find(at);
    if (piece != null && piece.start < at) {
      add(splitter.split(piece, at));
    }
  }
}
