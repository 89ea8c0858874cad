package org.legosim.trace.pack;

import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.ThreadReader;

/**
 * Third pass: finds which mapping each access of a shared address space meant, and so which accesses must come after a call
 * that maps and before one that unmaps. Decodes the threads of such spaces once more.
 *
 * <p>An ordinary access may stand anywhere between its thread's entries around it. It is placed directly before the next
 * one, where the canonical order has it. When its page is no longer mapped there, but was in between, the accesses of that
 * stretch are placed again, each as early as its page allows; since they happened, that succeeds if it can.
 */
final class TouchPass {
  private final FileChannel channel;
  private final String name;
  private final ScannedTrace trace;
  private final CloneTable clones;
  private final Map<SpaceKey, AddressSpace> spaces;
  private final Map<SpaceKey, Set<Integer>> threadsOfSpace;
  private final PendingGates gates;
  private final AccessBatch batch = new AccessBatch();

  TouchPass(
      FileChannel channel,
      String name,
      ScannedTrace trace,
      CloneTable clones,
      Map<SpaceKey, AddressSpace> spaces,
      Map<SpaceKey, Set<Integer>> threadsOfSpace,
      PendingGates gates) {
    this.channel = channel;
    this.name = name;
    this.trace = trace;
    this.clones = clones;
    this.spaces = spaces;
    this.threadsOfSpace = threadsOfSpace;
    this.gates = gates;
  }

  void run() {
    for (int t = 0; t < trace.threads().size(); t++) {
      int thread = t;
      boolean isConcerned = threadsOfSpace.entrySet().stream()
          .anyMatch(e -> e.getValue().contains(thread) && isShared(e.getKey()));
      if (isConcerned) {
        try (ThreadReader reader =
            new ThreadReader(channel, name, trace.threads().get(t), true)) {
          new OneThread(t, reader).run();
        }
      }
    }
  }

  /** Whether threads of this space can get into each other's way. */
  private boolean isShared(SpaceKey key) {
    AddressSpace space = spaces.get(key);
    return space != null
        && space.hasChanged()
        && threadsOfSpace.getOrDefault(key, Set.of()).size() > 1;
  }

  private final class OneThread {
    private final int thread;
    private final int pid;
    private final ThreadReader reader;
    private int image = -1;
    private @Nullable Touches touches;

    OneThread(int thread, ThreadReader reader) {
      this.thread = thread;
      this.reader = reader;
      this.pid = trace.threads().get(thread).pid();
    }

    void run() {
      CloneCall creator = clones.creatorOf(thread);
      long before = creator == null ? Instance.ALWAYS : creator.enterSequence();
      long until = reader.peekSequence();
      while (takeStretch(before, until)) {
        before = until;
        until = reader.peekSequence();
      }
      finishSpace();
    }

    /** Takes the accesses up to an entry, and the entry. */
    private boolean takeStretch(long before, long until) {
      ThreadReader.Place start = reader.place();
      int kind = reader.next(batch);
      if (reader.image() != image) {
        finishSpace();
        enterSpace(before);
      }
      Touches space = touches;
      if (space == null) {
        while (kind == AccessSource.ACCESSES) {
          kind = reader.next(batch);
        }
        return kind != AccessSource.END;
      }
      space.startStretch(until);
      for (; kind == AccessSource.ACCESSES; kind = reader.next(batch)) {
        if (!space.takeLate(batch)) {
          space.startAgain();
          reader.seek(start, batch);
          kind = takeEarly(space, before);
          break;
        }
      }
      space.endStretch(until);
      if (kind == ThreadReader.ATOMIC) {
        space.takeNow(batch.address[0], batch.firstRecord);
      } else if (kind == AccessSource.EVENT && batch.eventKind == EventKind.SYSCALL_ENTER) {
        takeEnter(space);
      }
      return kind != AccessSource.END;
    }

    private int takeEarly(Touches space, long before) {
      int kind = reader.next(batch);
      while (kind == AccessSource.ACCESSES || isAgain(kind, before)) {
        if (kind == AccessSource.ACCESSES) {
          space.takeEarly(batch);
        }
        kind = reader.next(batch);
      }
      return kind;
    }

    private boolean isAgain(int kind, long before) {
      return kind == ThreadReader.ORDER && batch.eventSequence <= before;
    }

    /** A fork reads every mapping; a pointer among a call's arguments is a use of what it points to. */
    private void takeEnter(Touches space) {
      CloneCall made = clones.enteredBy(thread, batch.firstRecord);
      if (made != null && !clones.makesThread(made)) {
        space.takeAll(batch.firstRecord);
      } else if (!LinuxCalls.changesMappings(batch.eventNumber)) {
        for (long argument : batch.eventArguments) {
          space.takeNow(argument, batch.firstRecord);
        }
      }
    }

    private void enterSpace(long before) {
      image = reader.image();
      SpaceKey key = new SpaceKey(pid, image);
      AddressSpace space = spaces.get(key);
      if (space != null && isShared(key)) {
        touches = new Touches(space);
        touches.endStretch(before);
      }
    }

    private void finishSpace() {
      if (touches != null) {
        touches.addGates(thread, gates);
        touches = null;
      }
    }
  }
}
