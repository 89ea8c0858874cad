package org.legosim.trace.synth;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.legosim.timing.ConfigException;
import org.legosim.trace.format.LtraceWriter;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadWriter;

/**
 * A process that forks all the time. Parent and children touch, and write to, the pages that they share until someone writes;
 * when so many children live as {@code --threads} allows, the oldest ends and the parent waits for it.
 */
final class ForkStorm implements Generator {
  /** What fork passes: CHILD_SETTID, CHILD_CLEARTID and SIGCHLD. */
  private static final long FORK_FLAGS = 0x1200011;

  private static final long MOST_CHILDREN = 1_000_000;

  @Override
  public String kind() {
    return "fork-storm";
  }

  @Override
  public String description() {
    return "a process that forks all the time; it and its children write to shared pages";
  }

  @Override
  public Set<SynthOption> options() {
    return Set.of(SynthOption.WRITES, SynthOption.BURST);
  }

  @Override
  public int usualWritePercent() {
    return 50;
  }

  @Override
  public void write(SynthOptions options, LtraceWriter writer, LongConsumer progress) {
    long children = options.accesses() / options.burst();
    if (children > MOST_CHILDREN) {
      throw new ConfigException("--burst " + options.burst() + ": about " + children
          + " processes would be forked, more than " + MOST_CHILDREN + "; give a longer burst");
    }
    Scene.requireRoom(Scene.regionBytes(options.pages()));
    Scene scene = new Scene(writer, options);
    scene.begin(kind(), Scene.regions(1, options.pages()));
    new Storm(options, writer, scene, progress).run();
  }

  private final class Storm {
    private final SynthOptions options;
    private final LtraceWriter writer;
    private final Scene scene;
    private final LongConsumer progress;
    private final SplitMix64 random;
    private final ThreadWriter parent;
    private final Deque<ThreadWriter> living = new ArrayDeque<>();
    private long left;
    private int lastPid = Scene.PID;

    Storm(SynthOptions options, LtraceWriter writer, Scene scene, LongConsumer progress) {
      this.options = options;
      this.writer = writer;
      this.scene = scene;
      this.progress = progress;
      random = new SplitMix64(options.seed());
      parent = scene.thread(0);
      left = options.accesses();
    }

    void run() {
      touch(parent);
      while (left > 0) {
        living.add(fork());
        touch(parent);
        living.forEach(this::touch);
        if (living.size() == options.threads()) {
          reap(living.remove());
        }
        progress.accept(options.accesses() - left);
      }
      while (!living.isEmpty()) {
        reap(living.remove());
      }
      scene.exitGroup(parent);
    }

    private ThreadWriter fork() {
      int pid = ++lastPid;
      scene.enter(parent, Scene.CLONE, FORK_FLAGS, 0, 0, 0, 0);
      writer.process(new ProcessBlock(pid, pid, Scene.PID, kind(), List.of()));
      parent.syscallReturn(pid, List.of());
      ThreadWriter child = writer.thread(pid, pid);
      child.syscallReturn(0, List.of());
      return child;
    }

    private void reap(ThreadWriter child) {
      scene.enter(parent, Scene.WAIT4, child.pid(), 0, 0, 0);
      scene.exitGroup(child);
      parent.syscallReturn(child.pid(), List.of());
    }

    private void touch(ThreadWriter out) {
      int count = (int) Math.min(left, options.burst());
      for (int i = 0; i < count; i++) {
        long address = Scene.DATA + (random.below(options.pages()) << Scene.PAGE_SHIFT);
        if (random.below(100) < options.writePercent()) {
          scene.store(out, address, 1);
        } else {
          scene.load(out, address, 0);
        }
      }
      left -= count;
      out.order();
    }
  }
}
