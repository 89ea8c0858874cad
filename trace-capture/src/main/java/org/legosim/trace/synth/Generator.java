package org.legosim.trace.synth;

import java.util.Set;
import java.util.function.LongConsumer;
import org.legosim.trace.format.LtraceWriter;

/** One kind of synthetic trace. Has no state; the same options give the same records. */
public interface Generator {
  /** Name on the command line: {@code hot-cold}. */
  String kind();

  /** One sentence for people. */
  String description();

  /** Options that mean something to this kind, besides accesses, seed, pages, threads and instructions. */
  Set<SynthOption> options();

  /** Writes in a hundred accesses, unless the user says otherwise. */
  default int usualWritePercent() {
    return 0;
  }

  /**
   * Writes the whole trace: a process with its mappings, its threads' records and their ends.
   *
   * @param progress takes the accesses written so far, now and then
   * @throws org.legosim.timing.ConfigException when the options do not fit together
   */
  void write(SynthOptions options, LtraceWriter writer, LongConsumer progress);
}
