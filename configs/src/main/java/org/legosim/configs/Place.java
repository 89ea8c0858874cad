package org.legosim.configs;

/**
 * Where a value was written: a position in a file, or a source without positions such as a command
 * line option or the declaration of a default.
 *
 * @param source a file as the user named it, {@code --set key=value}, or {@code default}
 * @param line from 1; 0 when the source has no positions
 * @param column from 1; 0 when the source has no positions
 */
public record Place(String source, int line, int column) {
  /** The place of a value that nobody set. */
  public static final Place DEFAULT = new Place("default", 0, 0);

  /** A source without lines, such as {@code --set pcache.ways=8}. */
  public static Place of(String source) {
    return new Place(source, 0, 0);
  }

  public boolean isDefault() {
    return equals(DEFAULT);
  }

  /** {@code file:line:column}, or the source alone. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
