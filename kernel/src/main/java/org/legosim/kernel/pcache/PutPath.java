package org.legosim.kernel.pcache;

import org.legosim.kernel.processor.KernelContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.HotPath;
import org.legosim.timing.results.TimeCategory;

/**
 * Drops a reference to a line. The last one takes the line off its list and gives it to the set's
 * free lines; until the list's lock is free it stays on the list with no reference, where a search
 * sees that it is about to be freed.
 */
@HotPath
final class PutPath extends PcachePath {
  static final int LINE = 0;

  private static final int BEGIN = 0;
  private static final int LOCKED = 1;
  private static final int FREE = 2;

  PutPath(Pcache pcache, KernelContext context) {
    super("put line", pcache, context);
  }

  @Override
  int step(Frame frame) {
    return switch (frame.step) {
      case BEGIN -> begin(frame);
      case LOCKED -> locked(frame);
      default -> free(frame);
    };
  }

  private int begin(Frame frame) {
    int line = (int) frame.slot[LINE];
    int references = pcache.lines.references(line) - 1;
    pcache.lines.setReferences(line, references);
    if (references > 0) {
      pcache.changed(line, context);
      return done(NO);
    }
    pcache.reports.requireFreeable(line);
    context.stamp(TimeCategory.ALLOCATE);
    int set = pcache.geometry.setOfLine(line);
    long holdPs = charges.listUpdate.charge();
    return pay(frame, LOCKED, pcache.sets.takeListLock(set, context.nowPs(), holdPs));
  }

  private int locked(Frame frame) {
    context.stamp(TimeCategory.LOCK_WAIT);
    return pay(frame, FREE, charges.release.charge() + charges.listUpdate.ps());
  }

  private int free(Frame frame) {
    context.stamp(TimeCategory.ALLOCATE);
    int line = (int) frame.slot[LINE];
    pcache.replacement.remove(line);
    pcache.giveFree(line);
    pcache.changed(line, context);
    return done(YES);
  }
}
