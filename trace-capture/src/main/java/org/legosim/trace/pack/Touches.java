package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.legosim.timing.trace.AccessBatch;

/** First and last record of one thread that used each piece of an address space. */
final class Touches {
  private static final long NEVER = -1;

  private record Before(Piece piece, long first, long last) {}

  private final LiveView view;
  private final long[] first;
  private final long[] last;
  private final List<Piece> used = new ArrayList<>();
  private final BitSet isListed = new BitSet();
  // What the current stretch overwrote, for starting it again; kept only when that may be needed.
  private final List<Before> journal = new ArrayList<>();
  private final int[] journalledIn;
  private int stretch;
  private int stretchStart;
  private int stretchEnd;
  private boolean mayStartAgain;

  Touches(AddressSpace space) {
    view = new LiveView(space);
    first = new long[space.pieceCount()];
    last = new long[space.pieceCount()];
    journalledIn = new int[space.pieceCount()];
    Arrays.fill(first, NEVER);
  }

  /** Begins the accesses that stand before an entry: all are looked up as the mappings are there. */
  void startStretch(long until) {
    stretchStart = view.applied();
    view.advance(until);
    stretchEnd = view.applied();
    mayStartAgain = view.hasEndsSince(stretchStart);
    journal.clear();
    stretch++;
  }

  /**
   * Takes accesses as late as they can stand.
   *
   * @return false when one of them cannot stand that late: then the stretch must be started again
   */
  boolean takeLate(AccessBatch batch) {
    for (int i = 0; i < batch.count; i++) {
      long address = batch.address[i];
      Piece piece = view.find(address);
      if (piece == null) {
        if (mayStartAgain && view.endedSince(stretchStart, address)) {
          return false;
        }
        continue;
      }
      touch(piece, batch.firstRecord + i);
      long end = address + AccessBatch.bytesOf(batch.shape[i]) - 1;
      if (!piece.contains(end)) {
        takeNow(end, batch.firstRecord + i);
      }
    }
    return true;
  }

  /** Goes back to where the mappings stood before the stretch, and forgets its accesses. */
  void startAgain() {
    view.undoTo(stretchStart);
    for (Before before : journal) {
      first[before.piece().index] = before.first();
      last[before.piece().index] = before.last();
    }
    journal.clear();
    mayStartAgain = false;
  }

  /** Takes accesses as early as they can stand, after a new start. */
  void takeEarly(AccessBatch batch) {
    for (int i = 0; i < batch.count; i++) {
      long address = batch.address[i];
      Piece piece = view.find(address);
      if (piece == null) {
        piece = view.findLater(address, stretchEnd);
      }
      if (piece != null) {
        touch(piece, batch.firstRecord + i);
      }
      takeNow(address + AccessBatch.bytesOf(batch.shape[i]) - 1, batch.firstRecord + i);
    }
  }

  /** Ends the stretch: the mappings stand as before the entry. */
  void endStretch(long until) {
    view.advance(until);
  }

  /** A use exactly where the mappings stand. */
  void takeNow(long address, long record) {
    Piece piece = view.find(address);
    if (piece != null) {
      touch(piece, record);
    }
  }

  /** A use of everything that is mapped. */
  void takeAll(long record) {
    for (Piece piece : view.all()) {
      touch(piece, record);
    }
  }

  /** The first use waits for whom mapped it to return; whoever unmaps it waits for the last. */
  void addGates(int thread, PendingGates gates) {
    for (Piece piece : used) {
      if (first[piece.index] == NEVER) {
        continue;
      }
      gates.add(thread, first[piece.index], piece.instance.maker, piece.instance.makerRecord);
      MappingCall ender = piece.ender;
      if (ender != null) {
        gates.add(ender.thread, ender.enterRecord, thread, last[piece.index]);
      }
    }
  }

  private void touch(Piece piece, long record) {
    int index = piece.index;
    if (mayStartAgain && journalledIn[index] != stretch) {
      journalledIn[index] = stretch;
      journal.add(new Before(piece, first[index], last[index]));
    }
    if (first[index] == NEVER) {
      first[index] = record;
      if (!isListed.get(index)) {
        isListed.set(index);
        used.add(piece);
      }
    }
    last[index] = record;
  }
}
