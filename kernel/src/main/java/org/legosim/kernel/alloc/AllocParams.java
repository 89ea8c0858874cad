package org.legosim.kernel.alloc;

import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Ways to run the kernel's allocators that hide or show errors in their use; none takes simulated time. */
public record AllocParams(
    @Parameter(
        key = "kernel.alloc.kmalloc",
        unit = Unit.TEXT,
        defaultValue = "as-left",
        doc = "Whether kmalloc returns memory as its last owner left it, or zeroed.",
        source = "LegoOS mm/slob.c; zeroed: a debugging aid of its developers")
    Contents kmalloc,

    @Parameter(
        key = "kernel.alloc.pages",
        unit = Unit.TEXT,
        defaultValue = "as-left",
        doc = "The same for whole pages.",
        source = "LegoOS mm/page_alloc.c; zeroed: a debugging aid of its developers")
    Contents pages,

    @Parameter(
        key = "kernel.alloc.kfree",
        unit = Unit.TEXT,
        defaultValue = "frees",
        doc = "Whether kfree gives memory back, or does nothing so that no memory is used twice.",
        source = "LegoOS mm/slob.c; nothing: a debugging aid of its developers")
    Freeing kfree) {
  /** The allocators as they are. */
  public static final AllocParams DEFAULT =
      new AllocParams(Contents.AS_LEFT, Contents.AS_LEFT, Freeing.FREES);

  /** What fresh memory holds. */
  public enum Contents {
    AS_LEFT,
    ZEROED
  }

  /** What kfree does. */
  public enum Freeing {
    FREES,
    NOTHING
  }
}
