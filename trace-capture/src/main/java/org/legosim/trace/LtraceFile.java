package org.legosim.trace;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.legosim.timing.trace.GateCursor;
import org.legosim.timing.trace.MeaningCursor;
import org.legosim.timing.trace.ProcessImage;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.ThreadImage;
import org.legosim.timing.trace.TraceImage;
import org.legosim.trace.format.CanonicalReader;
import org.legosim.trace.format.FileHeader;
import org.legosim.trace.format.LongArray;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.ThreadReader;
import org.legosim.trace.format.TraceScanner;
import org.legosim.trace.pack.GateChunk;
import org.legosim.trace.pack.GateCursors;
import org.legosim.trace.pack.IndexReader;
import org.legosim.trace.pack.Indexer;
import org.legosim.trace.pack.MeaningCursors;
import org.legosim.trace.pack.ThreadTotals;
import org.legosim.trace.pack.TraceIndex;

/**
 * An open native trace. A packed file is opened from its index; one without an index is decoded once and indexed in a
 * temporary file. Records and gates are read while they are replayed.
 *
 * <p>Sources and cursors may be used by different threads; the file itself is opened and closed by one.
 */
public final class LtraceFile implements TraceImage {
  private record ChunkKey(ReplayOrder order, int role, int thread) {}

  private final FileChannel data;
  private final FileChannel indexData;
  private final String path;
  private final String name;
  private final TraceIndex index;
  private final Map<ChunkKey, LongArray> chunks = new ConcurrentHashMap<>();
  private @Nullable FileChannel meaningData;

  private LtraceFile(
      FileChannel data, FileChannel indexData, String path, String name, TraceIndex index) {
    this.data = data;
    this.indexData = indexData;
    this.path = path;
    this.name = name;
    this.index = index;
    addChunks(index.chunks());
  }

  /** Opens a native trace file. */
  public static LtraceFile open(Path path) {
    Path fileName = path.getFileName();
    return open(
        TraceFiles.openInput(path),
        path.toString(),
        fileName == null ? path.toString() : fileName.toString());
  }

  /** Opens a native trace; closes the channel with it, also when it fails. */
  static LtraceFile open(FileChannel data, String path, String name) {
    boolean isOpen = false;
    try {
      FileHeader header = TraceScanner.readFileHeader(data, path);
      LtraceFile file = header.isPacked()
          ? new LtraceFile(data, data, path, name, IndexReader.read(data, path))
          : index(data, path, name);
      isOpen = true;
      return file;
    } finally {
      if (!isOpen) {
        TraceFiles.close(data);
      }
    }
  }

  /** Opens a native trace from its records alone, whatever its index says. */
  static LtraceFile index(FileChannel data, String path, String name) {
    ScannedTrace scanned = TraceScanner.scan(data, path, false);
    FileChannel sidecar = TraceFiles.temporary("index");
    boolean isOpen = false;
    try {
      TraceIndex index = new Indexer(data, path, scanned, TraceFiles.temporaryFolder())
          .write(sidecar, "a temporary index");
      isOpen = true;
      return new LtraceFile(data, sidecar, path, name, index);
    } finally {
      if (!isOpen) {
        TraceFiles.close(sidecar);
      }
    }
  }

  /** What stands in the file, block by block. */
  public ScannedTrace scan() {
    return TraceScanner.scan(data, path, false);
  }

  /**
   * All records in the canonical order.
   *
   * @param scanned this file's
   */
  public CanonicalReader records(ScannedTrace scanned) {
    return new CanonicalReader(data, path, scanned.threads());
  }

  /** What packing found out. */
  public TraceIndex index() {
    return index;
  }

  /** Bytes of the file. */
  public long fileBytes() {
    return TraceFiles.size(data, path);
  }

  /** Whether the file carries its index. */
  public boolean isPacked() {
    return data == indexData;
  }

  @Override
  public String digest() {
    return index.digest();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Feature> features() {
    return index.features();
  }

  @Override
  public List<ProcessImage> processes() {
    List<ProcessImage> processes = new ArrayList<>();
    for (TraceIndex.IndexedProcess indexed : index.processes()) {
      processes.add(new ProcessImage(
          indexed.process().pid(),
          indexed.process().parentPid(),
          indexed.process().name(),
          indexed.images()));
    }
    return processes;
  }

  @Override
  public List<ThreadImage> threads() {
    List<ThreadImage> threads = new ArrayList<>();
    for (TraceIndex.IndexedThread indexed : index.threads()) {
      ThreadTotals totals = indexed.totals();
      threads.add(new ThreadImage(
          totals.pid(),
          totals.tid(),
          totals.records(),
          totals.accesses(),
          totals.instructions(),
          totals.firstSequence()));
    }
    return threads;
  }

  @Override
  public ThreadReader open(int threadIndex) {
    return new ThreadReader(data, path, index.threads().get(threadIndex).blocks(), false);
  }

  @Override
  public GateCursor gates(int threadIndex, ReplayOrder order) {
    return new GateCursors(
        channelOf(order),
        path,
        index.threads().size(),
        chunks.getOrDefault(new ChunkKey(order, GateChunk.GATES, threadIndex), new LongArray()),
        chunks.getOrDefault(new ChunkKey(order, GateChunk.SOURCES, threadIndex), new LongArray()));
  }

  @Override
  public MeaningCursor meanings(int threadIndex, ReplayOrder order) {
    if (order != ReplayOrder.SEMANTIC) {
      return MeaningCursor.NONE;
    }
    FileChannel channel = channelOf(order);
    return new MeaningCursors(
        channel,
        path,
        chunks.getOrDefault(new ChunkKey(order, GateChunk.MEANINGS, threadIndex), new LongArray()));
  }

  /** Where an order's gates stand; those of the semantic order are made when they are first asked for. */
  private synchronized FileChannel channelOf(ReplayOrder order) {
    if (order != ReplayOrder.SEMANTIC) {
      return indexData;
    }
    FileChannel made = meaningData;
    if (made == null) {
      made = TraceFiles.temporary("meanings");
      meaningData = made;
      addChunks(new Indexer(data, path, scan(), TraceFiles.temporaryFolder())
          .writeMeanings(made, "a temporary file with meanings"));
    }
    return made;
  }

  private void addChunks(List<GateChunk> more) {
    for (GateChunk chunk : more) {
      chunks
          .computeIfAbsent(
              new ChunkKey(chunk.order(), chunk.role(), chunk.thread()), key -> new LongArray())
          .add(chunk.offset());
    }
  }

  @Override
  public long footprintPages() {
    return index.footprintPages();
  }

  @Override
  public void close() {
    if (indexData != data) {
      TraceFiles.close(indexData);
    }
    if (meaningData != null) {
      TraceFiles.close(meaningData);
    }
    TraceFiles.close(data);
  }
}
