package org.legosim.kernel.processor;

import java.util.List;
import org.legosim.timing.engine.Simulation;
import org.legosim.timing.trace.GateCursor;

/**
 * The gates between the tasks of a node: what a task has done as far as others may see, who waits for it,
 * and who may go on.
 */
final class Gates {
  private final Simulation simulation;
  private final ProcessorNode node;

  Gates(Simulation simulation, ProcessorNode node) {
    this.simulation = simulation;
    this.node = node;
  }

  boolean isSource(Task task) {
    return task.gates.sourceRecord() == task.nextRecord();
  }

  /** The task's record {@code record} is done and others may see it. */
  void performed(Task task, long record, Cpu cpu) {
    task.gates.advanceSource();
    task.performed = record + 1;
    simulation.progress();
    open(task, cpu);
  }

  /**
   * The task entered a call that gives mappings up. Others may map there once its memory node has
   * answered, so that is when they may see it.
   */
  void defer(Task task) {
    task.deferredRecord = task.batch.firstRecord;
  }

  /** Tells of a call that {@link #defer} kept back, if there is one. */
  void publishDeferred(Task task, Cpu cpu) {
    if (task.deferredRecord != Task.NOTHING_DEFERRED) {
      long record = task.deferredRecord;
      task.deferredRecord = Task.NOTHING_DEFERRED;
      performed(task, record, cpu);
    }
  }

  void open(Task task, Cpu cpu) {
    List<Task> watchers = task.watchers;
    int kept = 0;
    for (int i = 0; i < watchers.size(); i++) {
      Task watcher = watchers.get(i);
      if (task.performed > watcher.awaitedRecord) {
        node.wakeUp(watcher, cpu);
      } else {
        watchers.set(kept++, watcher);
      }
    }
    while (watchers.size() > kept) {
      watchers.remove(watchers.size() - 1);
    }
  }

  /** True when a gate at {@code record} is closed; the task then knows what it waits for. */
  boolean isHeldAt(Task task, long record) {
    GateCursor gates = task.gates;
    while (gates.waitRecord() <= record) {
      Task other = node.task(task.firstTask + gates.onThread());
      if (other.performed <= gates.onRecord()) {
        task.awaited = other;
        task.awaitedRecord = gates.onRecord();
        return true;
      }
      gates.advanceWait();
    }
    return false;
  }
}
