package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.trace.Mapping;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.Ltrace;

/**
 * The mappings of one address space over the whole trace: what was mapped when, who made it and who ended it. Calls are
 * taken in the global order; an effect begins when its maker returns and ends when its ender enters, so that what is mapped
 * by this account surely was mapped.
 */
final class AddressSpace {
  /** Something begins or ends to be mapped: exactly one of the two is given. */
  record Change(
      long sequence, @Nullable Instance born, @Nullable Piece ended) {}

  private static final long PAGE_MASK = Ltrace.PAGE_BYTES - 1;
  private static final long UNKNOWN = -1;
  private static final int MAP_SHARED = 1;
  private static final int MREMAP_DONTUNMAP = 4;

  private final PendingGates gates;
  private final RangeMap live = new RangeMap();
  // Ended ranges that nothing was mapped to since: whoever maps there must come after who ended.
  private final RangeMap ended = new RangeMap();
  private final List<Instance> instances = new ArrayList<>();
  private final List<Piece> endedPieces = new ArrayList<>();
  private final List<MappingCall> inFlight = new ArrayList<>();
  private final Map<Integer, MappingCall> lastCall = new TreeMap<>();
  private final Map<Integer, MappingCall> lastFork = new TreeMap<>();
  private int pieceCount;
  // Each call sets the break anew, so they must not overtake each other.
  private @Nullable MappingCall lastBreak;
  private long breakAddress = UNKNOWN;
  private boolean hasChanged;

  AddressSpace(PendingGates gates) {
    this.gates = gates;
  }

  /**
   * Begins with the mappings of an image.
   *
   * @param objects numbers the files that are mapped shared
   */
  void begin(List<Mapping> mappings, ToLongFunction<String> objects) {
    for (Mapping mapping : mappings) {
      boolean isShared = mapping.protection().charAt(3) == 's' && !mapping.isAnonymous();
      long object = isShared ? objects.applyAsLong(mapping.name()) : 0;
      Instance instance = new Instance(
          Instance.NO_THREAD, 0, Instance.ALWAYS, object, mapping.start() - mapping.fileOffset());
      addPiece(
          instance, mapping.start(), (mapping.end() + Ltrace.PAGE_BYTES - 1) & -Ltrace.PAGE_BYTES);
      if (mapping.name().equals("[heap]")) {
        breakAddress = mapping.end();
      }
    }
  }

  /** Begins as a child's copy of what is mapped now. */
  AddressSpace copy() {
    AddressSpace child = new AddressSpace(gates);
    for (Piece piece : live.all()) {
      Instance old = piece.instance;
      Instance instance =
          new Instance(Instance.NO_THREAD, 0, Instance.ALWAYS, old.sharedObject, old.sharedBase);
      child.addPiece(instance, piece.start, piece.end);
    }
    child.breakAddress = breakAddress;
    return child;
  }

  /** A call begins that may change mappings: what was forked before does not get its effect. */
  void enter(MappingCall call) {
    inFlight.add(call);
    lastCall.put(call.thread, call);
    for (MappingCall fork : lastFork.values()) {
      gates.add(call.thread, call.enterRecord, fork.thread, fork.enterRecord);
    }
  }

  /** A fork copies the space: it comes after every change before it. */
  void fork(MappingCall fork) {
    for (MappingCall call : lastCall.values()) {
      if (call.returnSequence != MappingCall.NOT_BACK) {
        gates.add(fork.thread, fork.enterRecord, call.thread, call.returnRecord);
      } else if (mayUnmap(call)) {
        gates.add(fork.thread, fork.enterRecord, call.thread, call.enterRecord);
      } else if (call.enterRecord > 0) {
        gates.add(fork.thread, fork.enterRecord, call.thread, call.enterRecord - 1);
      }
    }
    lastFork.put(fork.thread, fork);
  }

  /** The call returns. */
  void leave(MappingCall call, long record, long sequence, long result) {
    inFlight.remove(call);
    call.returnRecord = record;
    call.returnSequence = sequence;
    for (MappingCall fork : lastFork.values()) {
      if (fork.enterSequence > call.enterSequence) {
        gates.add(call.thread, record, fork.thread, fork.enterRecord);
      }
    }
    if (!LinuxCalls.failed(result)) {
      new Effect(call).apply(result);
    }
  }

  /** The trace ends: an unmapping that has begun is taken to succeed. */
  void finish() {
    for (MappingCall call : List.copyOf(inFlight)) {
      if (call.number == LinuxCalls.MUNMAP) {
        new Effect(call).apply(0);
      }
    }
  }

  /** Everything is unmapped at once, by exec. */
  void endAll(MappingCall call) {
    for (Piece piece : new ArrayList<>(live.all())) {
      end(piece, call);
    }
  }

  /** Whether any call changed anything. */
  boolean hasChanged() {
    return hasChanged;
  }

  boolean hasSharedMemory() {
    return instances.stream().anyMatch(instance -> instance.sharedObject != 0);
  }

  int pieceCount() {
    return pieceCount;
  }

  /** Ranges that were mapped at any time, as start and end in turn, ascending and disjoint. */
  LongArray everMapped() {
    List<Piece> pieces = new ArrayList<>();
    instances.forEach(instance -> pieces.addAll(instance.pieces));
    pieces.sort(Comparator.comparingLong(piece -> piece.start));
    LongArray ranges = new LongArray();
    for (int i = 0; i < pieces.size(); ) {
      long start = pieces.get(i).start;
      long end = start;
      for (; i < pieces.size() && pieces.get(i).start <= end; i++) {
        end = Math.max(end, pieces.get(i).end);
      }
      ranges.add(start);
      ranges.add(end);
    }
    return ranges;
  }

  /** All that begins or ends, in order. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    instances.forEach(instance -> changes.add(new Change(instance.bornSequence, instance, null)));
    for (Piece piece : endedPieces) {
      MappingCall ender = piece.ender;
      if (ender != null) {
        changes.add(new Change(ender.enterSequence, null, piece));
      }
    }
    changes.sort(Comparator.comparingLong(Change::sequence));
    return changes;
  }

  private void addPiece(Instance instance, long start, long end) {
    Piece piece = new Piece(start, end, instance, pieceCount++);
    if (instance.pieces.isEmpty()) {
      instances.add(instance);
    }
    instance.pieces.add(piece);
    live.add(piece);
  }

  private Piece split(Piece piece, long at) {
    Piece rear = new Piece(at, piece.end, piece.instance, pieceCount++);
    rear.ender = piece.ender;
    piece.end = at;
    piece.instance.pieces.add(rear);
    if (rear.ender != null) {
      endedPieces.add(rear);
    }
    return rear;
  }

  private void end(Piece piece, MappingCall ender) {
    hasChanged = true;
    live.remove(piece);
    piece.ender = ender;
    endedPieces.add(piece);
    ended.add(piece);
    comeAfterMaker(ender, piece);
  }

  /** Who works on a mapping comes after who made it. */
  private void comeAfterMaker(MappingCall call, Piece piece) {
    if (piece.instance.bornSequence < call.enterSequence) {
      gates.add(call.thread, call.enterRecord, piece.instance.maker, piece.instance.makerRecord);
    }
  }

  /** What one call does, when it returns. */
  private final class Effect {
    private final MappingCall call;

    Effect(MappingCall call) {
      this.call = call;
    }

    void apply(long result) {
      long[] a = call.arguments;
      switch ((int) call.number) {
        case LinuxCalls.MMAP -> {
          boolean isShared = (a[3] & 3) == MAP_SHARED;
          map(result, pagesEnd(result, a[1]), isShared ? call.returnSequence : 0, result);
        }
        case LinuxCalls.MUNMAP -> unmap(a[0], pagesEnd(a[0], a[1]));
        case LinuxCalls.MREMAP -> remap(a[0], a[1], a[2], a[3], result);
        case LinuxCalls.MPROTECT -> remake(a[0], pagesEnd(a[0], a[1]));
        case LinuxCalls.MADVISE -> {
          if (a[2] == LinuxCalls.MADV_DONTNEED) {
            remake(a[0], pagesEnd(a[0], a[1]));
          }
        }
        default -> moveBreak(result);
      }
    }

    private void map(long start, long end, long sharedObject, long sharedBase) {
      if (start >= end || (start & PAGE_MASK) != 0) {
        return;
      }
      endInFlight(start, end);
      unmap(start, end);
      takeOver(start, end);
      hasChanged = true;
      addPiece(made(sharedObject, sharedBase), start, end);
    }

    private void unmap(long start, long end) {
      for (Piece piece : live.within(start, end, AddressSpace.this::split)) {
        // What was made while this call was under way came after its effect: the kernel gave the
        // address anew.
        if (piece.instance.bornSequence < call.enterSequence) {
          end(piece, call);
        }
      }
    }

    /** The pages stay mapped, but what is there before and after must not be mixed up. */
    private void remake(long start, long end) {
      List<Piece> made = new ArrayList<>();
      for (Piece piece : live.within(start, end, AddressSpace.this::split)) {
        if (piece.instance.bornSequence < call.enterSequence) {
          end(piece, call);
          made.add(piece);
        }
      }
      for (Piece piece : made) {
        takeOver(piece.start, piece.end);
        Instance old = piece.instance;
        addPiece(made(old.sharedObject, old.sharedBase), piece.start, piece.end);
      }
    }

    private void remap(long from, long oldBytes, long newBytes, long flags, long to) {
      long oldEnd = pagesEnd(from, oldBytes);
      long newEnd = pagesEnd(to, newBytes);
      Piece first = live.find(from);
      long object = first == null ? 0 : first.instance.sharedObject;
      long base = first == null ? to : first.instance.sharedBase + (to - from);
      if (to == from) {
        // What stays is not ended, but it is what grows or shrinks.
        live.within(from, oldEnd, AddressSpace.this::split)
            .forEach(piece -> comeAfterMaker(call, piece));
        unmap(newEnd, oldEnd);
        map(oldEnd, newEnd, object, base);
        return;
      }
      if ((flags & MREMAP_DONTUNMAP) != 0) {
        remake(from, oldEnd);
      } else if (oldBytes != 0) {
        unmap(from, oldEnd);
      }
      map(to, newEnd, object, base);
    }

    private void moveBreak(long result) {
      long before = breakAddress == UNKNOWN ? result : breakAddress;
      breakAddress = result;
      if (lastBreak != null && lastBreak.returnSequence < call.enterSequence) {
        gates.add(call.thread, call.enterRecord, lastBreak.thread, lastBreak.returnRecord);
      }
      lastBreak = call;
      unmap(pageUp(result), pageUp(before));
      map(pageUp(before), pageUp(result), 0, 0);
    }

    /** Ends what a call of another thread, not back yet, must have ended: the kernel gave its range away. */
    private void endInFlight(long start, long end) {
      if (call.number == LinuxCalls.MMAP && (call.arguments[3] & LinuxCalls.MAP_FIXED) != 0) {
        return;
      }
      for (MappingCall other : inFlight) {
        if (mayUnmap(other)) {
          long otherStart = Math.max(start, other.arguments[0]);
          long otherEnd = Math.min(end, pagesEnd(other.arguments[0], other.arguments[1]));
          new Effect(other).unmap(otherStart, otherEnd);
        }
      }
    }

    /** Mapping where another thread unmapped: the other's call comes first. */
    private void takeOver(long start, long end) {
      for (Piece piece : ended.within(start, end, AddressSpace.this::split)) {
        ended.remove(piece);
        MappingCall ender = piece.ender;
        if (ender == null) {
          continue;
        }
        if (ender.returnSequence < call.enterSequence) {
          gates.add(call.thread, call.enterRecord, ender.thread, ender.returnRecord);
        } else {
          gates.add(call.thread, call.returnRecord, ender.thread, ender.enterRecord);
        }
      }
    }

    private Instance made(long sharedObject, long sharedBase) {
      return new Instance(
          call.thread, call.returnRecord, call.returnSequence, sharedObject, sharedBase);
    }
  }

  private static boolean mayUnmap(MappingCall call) {
    return call.number == LinuxCalls.MUNMAP || call.number == LinuxCalls.MREMAP;
  }

  private static long pageUp(long address) {
    return (address + PAGE_MASK) & ~PAGE_MASK;
  }

  /** End of a range of pages; not beyond the half of the address space that it begins in. */
  private static long pagesEnd(long start, long bytes) {
    long end = pageUp(start + bytes);
    return bytes < 0 || end < start ? start : end;
  }
}
