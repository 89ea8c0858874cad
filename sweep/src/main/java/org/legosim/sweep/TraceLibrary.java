package org.legosim.sweep;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.legosim.configs.Footprints;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.Traces;

/**
 * The traces of a sweep, each opened once and shared by all points: an image gives every caller a
 * source of its own.
 */
final class TraceLibrary implements Footprints, AutoCloseable {
  private static final long PAGE_BYTES = 4096;

  private final Map<Path, TraceImage> open = new LinkedHashMap<>();

  synchronized TraceImage image(Path trace) {
    TraceImage image = open.get(trace);
    if (image == null) {
      image = Traces.open(trace);
      open.put(trace, image);
    }
    return image;
  }

  @Override
  public long bytes(Path trace) {
    return Math.multiplyExact(image(trace).footprintPages(), PAGE_BYTES);
  }

  @Override
  public synchronized void close() {
    open.values().forEach(TraceImage::close);
    open.clear();
  }
}
