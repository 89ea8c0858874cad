package org.legosim.trace.pack;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.legosim.trace.format.Ltrace;

/** What is mapped in an address space at a moment that moves forward through the global order, and back. */
final class LiveView {
  private static final int CACHED_PAGES = 1 << 10;

  private final List<AddressSpace.Change> changes;
  private final RangeMap live = new RangeMap();
  // The piece last found for each page of a small table: most accesses find theirs here.
  private final long[] cachedPage = new long[CACHED_PAGES];
  private final @Nullable Piece[] cachedPiece = new Piece[CACHED_PAGES];
  private int applied;

  LiveView(AddressSpace space) {
    changes = space.changes();
    Arrays.fill(cachedPage, Long.MIN_VALUE);
  }

  /** How many changes have been applied. */
  int applied() {
    return applied;
  }

  /** Applies every change before a sequence number. */
  void advance(long sequence) {
    while (applied < changes.size() && changes.get(applied).sequence() < sequence) {
      applyNext();
    }
  }

  void applyNext() {
    AddressSpace.Change change = changes.get(applied++);
    if (change.ended() != null) {
      live.remove(change.ended());
    }
    if (change.born() != null) {
      change.born().pieces.forEach(live::add);
    }
    forget();
  }

  /** Takes changes back until only so many are applied. */
  void undoTo(int count) {
    while (applied > count) {
      AddressSpace.Change change = changes.get(--applied);
      if (change.born() != null) {
        change.born().pieces.forEach(live::remove);
      }
      if (change.ended() != null) {
        live.add(change.ended());
      }
    }
    forget();
  }

  @Nullable
  Piece find(long address) {
    long page = address >> Ltrace.PAGE_SHIFT;
    int slot = (int) (page ^ page >> 10) & (CACHED_PAGES - 1);
    if (cachedPage[slot] == page) {
      return cachedPiece[slot];
    }
    Piece piece = live.find(address);
    cachedPage[slot] = page;
    cachedPiece[slot] = piece;
    return piece;
  }

  Iterable<Piece> all() {
    return live.all();
  }

  /** Whether anything ended among the changes from one count on. */
  boolean hasEndsSince(int count) {
    for (int i = count; i < applied; i++) {
      if (changes.get(i).ended() != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether an address belongs to what ended among the changes from one count on. */
  boolean endedSince(int count, long address) {
    for (int i = count; i < applied; i++) {
      Piece ended = changes.get(i).ended();
      if (ended != null && ended.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Applies changes, below a count, until an address is mapped; none when it never is. */
  @Nullable
  Piece findLater(long address, int count) {
    for (int i = applied; i < count; i++) {
      AddressSpace.Change change = changes.get(i);
      if (change.born() == null) {
        continue;
      }
      for (Piece piece : change.born().pieces) {
        if (piece.contains(address)) {
          while (applied <= i) {
            applyNext();
          }
          return piece;
        }
      }
    }
    return null;
  }

  private void forget() {
    Arrays.fill(cachedPage, Long.MIN_VALUE);
  }
}
