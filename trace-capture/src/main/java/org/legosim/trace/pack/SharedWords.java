package org.legosim.trace.pack;

import java.util.HashMap;
import java.util.Map;

/**
 * Names a place in memory so that two threads that mean the same one get the same name: by object and offset in memory
 * that processes share, else by address space and address. Moves through the global order.
 */
final class SharedWords {
  /** A place: of an address space, or of an object that several show. */
  record Place(long owner, long offset) {}

  private static final long UNKNOWN_SPACE = -2;

  private final Map<SpaceKey, LiveView> views = new HashMap<>();
  private final Map<SpaceKey, Long> numbers = new HashMap<>();
  private long owner;
  private long offset;

  SharedWords(Map<SpaceKey, AddressSpace> spaces) {
    spaces.forEach((key, space) -> {
      // Even for spaces, odd for objects.
      numbers.put(key, 2L * numbers.size());
      if (space.hasSharedMemory()) {
        views.put(key, new LiveView(space));
      }
    });
  }

  /** Finds the place of an address at a moment of the global order, which never goes back. */
  void locate(SpaceKey key, long address, long sequence) {
    LiveView view = views.get(key);
    if (view != null) {
      view.advance(sequence);
      Piece piece = view.find(address);
      if (piece != null && piece.instance.sharedObject != 0) {
        owner = 2 * piece.instance.sharedObject + 1;
        offset = address - piece.instance.sharedBase;
        return;
      }
    }
    owner = numbers.getOrDefault(key, UNKNOWN_SPACE);
    offset = address;
  }

  /** Of the place found last. */
  long owner() {
    return owner;
  }

  /** Of the place found last. */
  long offset() {
    return offset;
  }

  Place at(SpaceKey key, long address, long sequence) {
    locate(key, address, sequence);
    return new Place(owner, offset);
  }
}
