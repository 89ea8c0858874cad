package org.legosim.kernel.alloc;

import java.util.List;

/**
 * Defects of the real kernel's allocators, each one decision in one place.
 *
 * @param keepsPrivate F-12: a page that leaves the buddy's lists keeps the order that it was listed with in
 *     {@code page->private}, a field which SLOB uses for itself while the page is allocated
 */
public record AllocDefects(boolean keepsPrivate) {
  /** The corrected kernel. */
  public static final AllocDefects NONE = new AllocDefects(false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static AllocDefects of(List<String> faults) {
    return new AllocDefects(faults.contains("F-12"));
  }
}
