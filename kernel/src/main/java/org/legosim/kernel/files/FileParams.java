package org.legosim.kernel.files;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/** What files cost that the processor node's kernel answers for. */
public record FileParams(
    @Parameter(
        key = "console.baud",
        unit = Unit.COUNT,
        defaultValue = "115200",
        range = "0..4000000",
        doc =
            "Speed of the serial console that standard output and standard error go to, ten bits a"
                + " byte; 0 for a console that takes no time.",
        source = "LegoOS Documentation/configs: console=ttyS1,115200")
    int consoleBaud,

    @Parameter(
        key = "kernel.files.show",
        unit = Unit.PS_PER_KIB,
        defaultValue = "2000 ns/KiB",
        doc = "Making the content of a file of /proc or /sys: formatted printing into a page.",
        source = "none found; about 2 ns a byte",
        status = Status.ASSUMED)
    Constant show,

    @Parameter(
        key = "kernel.files.pipePage",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc = "A page of a pipe: allocation by the writer, or release by the reader.",
        source = "none found; a page of the buddy allocator, as at the memory node",
        status = Status.ASSUMED)
    Constant pipePage) {

  private static final long PS_PER_SECOND = 1_000_000_000_000L;
  private static final int BITS_PER_BYTE = 10;

  /** Time that the console takes for {@code bytes}. */
  public long consolePs(long bytes) {
    return consoleBaud == 0 ? 0 : bytes * (BITS_PER_BYTE * PS_PER_SECOND / consoleBaud);
  }
}
