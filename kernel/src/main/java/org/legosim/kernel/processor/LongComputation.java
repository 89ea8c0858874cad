package org.legosim.kernel.processor;

import org.legosim.hardware.core.CoreParams;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;

/**
 * The instructions before one record, where they are so many that ticks come in between: those up to the next tick are
 * executed on their own, so that the scheduler sees it at its time and the task may lose its CPU there.
 *
 * <p>Fewer than {@value #LEAST} instructions, some ten microseconds, are never divided: a tick that comes among them is
 * seen at their end.
 */
@HotPath
final class LongComputation {
  /** Instructions from which on a computation is divided. */
  static final int LEAST = 1 << 16;

  /** What is left is over before anything has to be looked at. */
  static final long FITS = -1;

  private static final long MILLI = 1000;
  private static final long PS_PER_SECOND = 1_000_000_000_000L;

  private final Cpu cpu;
  private final UserMode user;
  private final long hertz;
  private final long instructionMilli;

  LongComputation(Cpu cpu, UserMode user, CoreParams core) {
    this.cpu = cpu;
    this.user = user;
    this.hertz = core.frequencyHz().value();
    this.instructionMilli = core.cyclesPerInstructionMilli().value();
  }

  /** The first access from index {@code from} on that has a long computation before it. */
  static int next(AccessBatch batch, int from) {
    int[] instructions = batch.instructions;
    int end = batch.count;
    int index = from;
    while (index < end && instructions[index] < LEAST) {
      index++;
    }
    return index;
  }

  /**
   * Executes a part of what comes before the task's next record.
   *
   * @return when that part is done, or {@link #FITS} when the record can follow without a look at anything
   */
  long part(Task task) {
    AccessBatch batch = task.batch;
    boolean isAccess = task.batchKind == AccessSource.ACCESSES;
    long left = isAccess ? batch.instructions[task.position] : batch.eventInstructions;
    long most = instructionsIn(cpu.scheduler().attentionPs() - cpu.nowPs());
    if (left < LEAST || left <= most) {
      return FITS;
    }
    if (isAccess) {
      batch.instructions[task.position] = (int) (left - most);
    } else {
      batch.eventInstructions = left - most;
    }
    task.instructions += most;
    return user.elapse(cpu.nowPs(), most);
  }

  /** Instructions that reach the end of that time; at least one. */
  private long instructionsIn(long windowPs) {
    if (instructionMilli == 0) {
      return Long.MAX_VALUE;
    }
    long milliCycles = org.legosim.timing.Units.mulDivCeil(windowPs, hertz, PS_PER_SECOND / MILLI);
    return Math.max(1, (milliCycles + instructionMilli - 1) / instructionMilli);
  }
}
