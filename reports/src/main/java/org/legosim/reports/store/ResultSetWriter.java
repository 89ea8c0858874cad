package org.legosim.reports.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.legosim.reports.Json;
import org.legosim.timing.ConfigException;
import org.legosim.timing.OutputException;
import org.legosim.timing.results.RunResult;

/**
 * Writes a result set so that what stands under its final name is whole. Finished points go into
 * {@code NAME.partial/}, each into a file of its own; {@link #finish} merges them in the plan's order
 * and renames the result. A killed run leaves its finished points to {@link Mode#RESUME}.
 *
 * <p>{@link #add} may be called by several threads; the rest belongs to the one that opened.
 */
public final class ResultSetWriter implements AutoCloseable {
  /** What to do about what already stands there. */
  public enum Mode {
    /** A result set, or an interrupted run with finished points, is refused. */
    NEW,
    /** Continues an interrupted run of the same plan; starts one when there is none. */
    RESUME,
    /** Starts anew; a result set is replaced when this one is complete. */
    OVERWRITE
  }

  static final String MANIFEST = "manifest.json";
  static final String HOST = "host.json";

  private final Disk disk;
  private final Plan plan;
  private final String planDigest;
  private final Workspace workspace;
  private final SetLock lock;
  private final Set<String> completed = new TreeSet<>();
  private final List<String> discarded = new ArrayList<>();
  private int resumed;
  private boolean finished;

  private ResultSetWriter(Disk disk, Plan plan, Workspace workspace, SetLock lock) {
    this.disk = disk;
    this.plan = plan;
    this.workspace = workspace;
    this.lock = lock;
    planDigest = plan.digest();
  }

  /**
   * Takes the folder, or refuses it, before anything is simulated.
   *
   * @throws OutputException when it cannot be written, is being written, or holds something
   * @throws ConfigException when the interrupted run to resume had another plan
   */
  public static ResultSetWriter open(Path folder, Plan plan, Mode mode) {
    return open(folder, plan, mode, Disk.real());
  }

  static ResultSetWriter open(Path folder, Plan plan, Mode mode, Disk disk) {
    Workspace workspace = new Workspace(folder);
    return guarded(workspace.target(), () -> {
      disk.createFolders(workspace.folder());
      SetLock lock = SetLock.acquire(workspace.lockFile());
      ResultSetWriter writer = new ResultSetWriter(disk, plan, workspace, lock);
      boolean ready = false;
      try {
        writer.prepare(mode);
        ready = true;
      } finally {
        if (!ready) {
          lock.close();
        }
      }
      return writer;
    });
  }

  private void prepare(Mode mode) throws IOException {
    workspace.restoreReplaced(disk);
    boolean replaces = mode == Mode.OVERWRITE || workspace.replaces();
    workspace.checkTarget(mode == Mode.RESUME ? replaces : mode == Mode.OVERWRITE);
    if (mode != Mode.OVERWRITE && Files.isDirectory(workspace.partial())) {
      examine(mode);
    }
    if (completed.isEmpty()) {
      disk.delete(workspace.partial());
      disk.createFolders(workspace.points());
      if (replaces) {
        disk.put(workspace.replacesMark(), new byte[0]);
      }
      disk.put(workspace.plan(), Json.text(plan.toJson()).getBytes(StandardCharsets.UTF_8));
    }
    resumed = completed.size();
  }

  /** Finds the finished points of an interrupted run and discards what is damaged. */
  private void examine(Mode mode) throws IOException {
    if (mode == Mode.RESUME) {
      List<String> differences = workspace.differences(plan);
      if (!differences.isEmpty()) {
        throw new ConfigException(
            workspace.partial() + ": the interrupted run had another plan (other "
                + String.join(", ", differences)
                + "); undo the change to resume, or overwrite to start anew");
      }
    }
    for (PlannedPoint point : plan.points()) {
      Path file = workspace.point(point.id());
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        if (isWhole(file, point)) {
          completed.add(point.id());
        } else if (mode == Mode.RESUME) {
          discarded.add(point.id());
          disk.delete(file);
        }
      }
    }
    if (mode == Mode.NEW && !completed.isEmpty()) {
      throw new OutputException(
          workspace.partial() + ": holds an interrupted run, " + completed.size() + " of "
              + plan.points().size()
              + " points complete; go on with --resume, drop it with --overwrite, or choose another"
              + " folder");
    }
    if (mode == Mode.RESUME) {
      disk.delete(workspace.merged());
      disk.createFolders(workspace.points());
    }
  }

  private boolean isWhole(Path file, PlannedPoint point) {
    try {
      return PointFile.decode(file, planDigest).id().equals(point.id());
    } catch (IOException e) {
      return false;
    }
  }

  /** Ids of the points that need not be simulated again. */
  public synchronized Set<String> completed() {
    return new TreeSet<>(completed);
  }

  /** Points of the interrupted run whose files were damaged; they are simulated again. */
  public List<String> discarded() {
    return List.copyOf(discarded);
  }

  /**
   * Keeps a finished point: when this returns, a kill or a power failure does not lose it.
   *
   * @throws OutputException when it cannot be written
   */
  public void add(String id, RunResult result) {
    PlannedPoint point = plan.points().stream()
        .filter(p -> p.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no point is named " + id));
    byte[] bytes = PointFile.encode(planDigest, PointTables.of(plan, point, result));
    guarded(workspace.point(id), () -> {
      disk.put(workspace.point(id), bytes);
      return bytes;
    });
    synchronized (this) {
      completed.add(id);
    }
  }

  /**
   * Merges the points and gives the set its final name.
   *
   * @throws OutputException when it cannot be written; the points stay for {@link Mode#RESUME}
   */
  public synchronized void finish(HostFacts host) {
    if (completed.size() != plan.points().size()) {
      throw new IllegalStateException(
          completed.size() + " of " + plan.points().size() + " points are complete");
    }
    guarded(workspace.target(), () -> {
      disk.delete(workspace.merged());
      disk.createFolders(workspace.merged());
      Map<String, Object> manifest = new Merge(disk, plan, planDigest, workspace).run();
      disk.put(
          workspace.merged().resolve(MANIFEST),
          Json.text(manifest).getBytes(StandardCharsets.UTF_8));
      disk.put(
          workspace.merged().resolve(HOST),
          Json.text(host.toJson(resumed)).getBytes(StandardCharsets.UTF_8));
      workspace.publish(disk);
      finished = true;
      return manifest;
    });
  }

  /** Lets go of the folder; without {@link #finish} the finished points stay for a resume. */
  @Override
  public synchronized void close() {
    guarded(workspace.target(), () -> {
      try (lock) {
        if (finished) {
          clearRemains();
        } else if (completed.isEmpty()) {
          disk.delete(workspace.partial());
        }
      }
      return finished;
    });
  }

  /** The set is complete by now: remains that resist are left to the next writer. */
  private void clearRemains() {
    try {
      disk.delete(workspace.partial());
    } catch (IOException e) {
      // Nothing is lost: the set has its name, and what remains beside it is no longer read.
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private static <T> T guarded(Path path, Step<T> step) {
    try {
      return step.run();
    } catch (IOException e) {
      throw new OutputException(
          path + ": cannot be written: " + reason(e)
              + "; check space and permissions, or choose another folder",
          e);
    }
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      return "there is no " + message;
    }
    if (e instanceof AccessDeniedException) {
      return message + " may not be written";
    }
    return e.getClass() == IOException.class
        ? message
        : e.getClass().getSimpleName() + " " + message;
  }
}
