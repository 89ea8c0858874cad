package org.legosim.kernel.processor;

/**
 * Who has the files of the programs of a processor node.
 *
 * @param firstNode number of the first storage node
 * @param nodes storage nodes
 * @param firstHome number of the first memory node
 * @param isOwn the machine has its drive itself
 * @param isCachedAtMemory memory nodes keep pages of files
 */
public record StorageAccess(
    int firstNode, int nodes, int firstHome, boolean isOwn, boolean isCachedAtMemory) {
  /** Files take no time: the memory node answers for them. */
  public static final StorageAccess NONE = new StorageAccess(0, 0, 0, false, false);

  /** An ordinary machine with a drive. */
  public static final StorageAccess OWN = new StorageAccess(0, 1, 0, true, false);

  /** Storage nodes numbered from {@code firstNode}. */
  public static StorageAccess at(
      int firstNode, int nodes, int firstHome, boolean isCachedAtMemory) {
    return new StorageAccess(firstNode, nodes, firstHome, false, isCachedAtMemory);
  }

  /** True when files take time. */
  public boolean isPresent() {
    return nodes > 0;
  }

  /** The storage node of what has its home at memory node {@code home}; each in turn. */
  public int nodeFor(int home) {
    return firstNode + Math.floorMod(home - firstHome, nodes);
  }
}
