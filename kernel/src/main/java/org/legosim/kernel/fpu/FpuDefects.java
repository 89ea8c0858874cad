package org.legosim.kernel.fpu;

import java.util.List;

/**
 * Defects of the real kernel, each one decision in one place.
 *
 * @param tasksByKmalloc F-1: a task_struct comes from kmalloc, which aligns to 8 bytes, in place of whole pages
 * @param usedBeforePatching F-2: registers are saved once before the boot's patching has chosen the instruction
 */
public record FpuDefects(boolean tasksByKmalloc, boolean usedBeforePatching) {
  /** The corrected kernel. */
  public static final FpuDefects NONE = new FpuDefects(false, false);

  /** Those that the numbers of {@code faults} switch on; numbers of other parts are ignored. */
  public static FpuDefects of(List<String> faults) {
    return new FpuDefects(faults.contains("F-1"), faults.contains("F-2"));
  }
}
