package org.legosim.kernel.fpu;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** Saving and restoring registers at each context switch. */
public record FpuParams(
    @Parameter(
        key = "kernel.fpu.feature",
        unit = Unit.TEXT,
        defaultValue = "xsaveopt",
        doc =
            "Instruction that the boot's patching puts in for saving registers; all three need an area"
                + " aligned to 64 bytes and cost kernel.fpu.save.",
        source = "Xeon E5 v3 has XSAVEOPT and no XSAVES (Intel SDM, CPUID leaf 0xd)")
    Feature feature,

    @Parameter(
        key = "kernel.fpu.stateBytes",
        unit = Unit.BYTES,
        defaultValue = "832 B",
        range = "512 B..2688 B",
        doc = "Size of the saved state: x87 and SSE 512 bytes, header 64, AVX 256.",
        source = "LegoOS boot log: xstate size 832 bytes")
    long stateBytes,

    @Parameter(
        key = "kernel.fpu.save",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "Saving the registers of the task that leaves.",
        source = "none found; XSAVE and XRSTOR of 832 bytes are about 0.2 us together",
        status = Status.ASSUMED)
    Constant save,

    @Parameter(
        key = "kernel.fpu.restore",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "Restoring the registers of the task that comes.",
        source = "none found; XSAVE and XRSTOR of 832 bytes are about 0.2 us together",
        status = Status.ASSUMED)
    Constant restore) {

  /** Instructions that save registers. */
  public enum Feature {
    XSAVE,
    XSAVEOPT,
    XSAVES
  }
}
