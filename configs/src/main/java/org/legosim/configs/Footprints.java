package org.legosim.configs;

import java.nio.file.Path;

/** Where a sweep learns how much memory a trace touches, so that shares of it become sizes. */
@FunctionalInterface
public interface Footprints {
  /** Bytes of all distinct pages that the trace touches; asked for only when a share is swept. */
  long bytes(Path trace);
}
