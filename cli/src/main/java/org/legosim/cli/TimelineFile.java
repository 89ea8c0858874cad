package org.legosim.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.legosim.configs.SimulatedTime;
import org.legosim.reports.Printable;
import org.legosim.reports.timeline.TimelineWindow;
import org.legosim.reports.timeline.TimelineWriter;
import org.legosim.timing.results.RunIdentity;
import org.legosim.timing.timeline.Timeline;

/** The file of {@code --timeline}: it stands under its name only when it is complete. */
final class TimelineFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 13;

  private final Path path;
  private final TimelineWindow window;
  private final OutputFile file;
  private final @Nullable GZIPOutputStream compressed;
  private final TimelineWriter writer;

  TimelineFile(Path path, TimelineWindow window) {
    this.path = path;
    this.window = window;
    file = OutputFile.create(path);
    OutputStream out = file.stream();
    compressed = path.toString().endsWith(".gz") ? compress(out) : null;
    writer = new TimelineWriter(compressed == null ? out : compressed, window, file::failed);
  }

  private GZIPOutputStream compress(OutputStream out) {
    try {
      return new GZIPOutputStream(out, BUFFER_BYTES);
    } catch (IOException e) {
      file.close();
      throw file.failed(e);
    }
  }

  Timeline timeline() {
    return writer;
  }

  /** Ends the document, and says when it is not the whole run that was asked for. */
  void complete(RunIdentity identity, Console console) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", "legosim " + identity.version());
    facts.put("config_digest", identity.configDigest());
    facts.put("trace_digest", identity.traceDigest());
    facts.put("seed", identity.seed());
    writer.finish(facts);
    if (compressed != null) {
      try {
        compressed.finish();
      } catch (IOException e) {
        throw file.failed(e);
      }
    }
    file.complete();
    String name = Printable.of(path.toString());
    if (writer.isCut()) {
      console.note(name + ": cut after " + writer.slices() + " slices, at "
          + SimulatedTime.format(writer.endPs())
          + " of simulated time. Choose what to see with --timeline-from and --timeline-to, or raise"
          + " --timeline-slices");
    } else if (writer.isBeforeWindow()) {
      console.note(name + ": empty, as the run ended before --timeline-from, "
          + SimulatedTime.format(window.fromPs()));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
