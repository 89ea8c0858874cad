package org.legosim.reports.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.legosim.reports.Json;
import org.legosim.reports.JsonReader;
import org.legosim.timing.ConfigException;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;

/** The paths of a result set in the making, and what may happen to them. */
final class Workspace {
  private static final String FORMAT = "\"legosim-result-set\"";
  private final Path target;

  Workspace(Path folder) {
    target = folder.toAbsolutePath().normalize();
    if (target.getFileName() == null) {
      throw new ConfigException(folder + ": not a name for a result set; name a folder");
    }
  }

  Path target() {
    return target;
  }

  Path folder() {
    return Objects.requireNonNull(target.getParent());
  }

  Path lockFile() {
    return sibling(".lock");
  }

  Path partial() {
    return sibling(".partial");
  }

  Path plan() {
    return partial().resolve("plan.json");
  }

  Path points() {
    return partial().resolve("points");
  }

  Path point(String id) {
    return points().resolve(id + ".point");
  }

  /** The final files while they are written. */
  Path merged() {
    return partial().resolve("merged");
  }

  /** Says that the run was allowed to replace a result set. */
  Path replacesMark() {
    return partial().resolve("replaces");
  }

  /** The replaced result set between two renames. */
  private Path replaced() {
    return partial().resolve("replaced");
  }

  private Path sibling(String suffix) {
    return target.resolveSibling(target.getFileName() + suffix);
  }

  boolean replaces() {
    return Files.exists(replacesMark());
  }

  /** Refuses a target that holds something, unless it is a result set that may be replaced. */
  void checkTarget(boolean mayReplace) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || isEmptyFolder()) {
      return;
    }
    Path manifest = target.resolve(ResultSetWriter.MANIFEST);
    boolean isSet = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(manifest)
        && Files.readString(manifest, StandardCharsets.UTF_8).contains(FORMAT);
    if (!isSet) {
      throw new OutputException(
          target + ": exists and is no result set; it is left alone, choose another folder");
    }
    if (!mayReplace) {
      throw new OutputException(
          target + ": holds a complete result set; overwrite it or choose another folder");
    }
  }

  private boolean isEmptyFolder() throws IOException {
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(target)) {
      return entries.findAny().isEmpty();
    }
  }

  /** After a crash between the two renames of {@link #publish}, the old set gets its name back. */
  void restoreReplaced(Disk disk) throws IOException {
    if (Files.exists(replaced()) && !Files.exists(target)) {
      disk.move(replaced(), target);
    }
  }

  /** Names of the plan's parts in which the interrupted run differs; empty when it is the same. */
  List<String> differences(Plan plan) throws IOException {
    Map<String, Object> now = asRead(plan.toJson());
    Map<String, ?> then;
    try {
      then = JsonReader.parseObject("plan.json", Files.readString(plan(), StandardCharsets.UTF_8));
    } catch (java.nio.file.NoSuchFileException | TraceException e) {
      return List.of(); // killed before its plan was written: its points, if any, are discarded
    }
    List<String> differences = new ArrayList<>();
    for (String part : now.keySet()) {
      if (!Objects.equals(now.get(part), then.get(part))) {
        differences.add(part);
      }
    }
    return differences;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asRead(Map<String, Object> json) {
    return (Map<String, Object>) (Map<?, ?>) JsonReader.parseObject("plan", Json.compact(json));
  }

  /** Gives the merged files their final name; the result set there, if any, goes first. */
  void publish(Disk disk) throws IOException {
    disk.forceFolder(merged());
    if (Files.exists(target) && !isEmptyFolder()) {
      checkTarget(replaces());
      disk.delete(replaced());
      disk.move(target, replaced());
    }
    disk.move(merged(), target);
  }
}
