package org.legosim.trace.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.legosim.timing.OutputException;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage.Feature;
import org.legosim.trace.format.BlockAppender;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.ThreadBlocks;

/** Runs the passes over a scanned trace and writes its gates, index and footer. */
public final class Indexer {
  private static final int INDEX_BLOCK_BYTES = 1 << 20;
  private static final int FOOTER_CRC_BYTES = 28;
  /** After so many passes with a word refused in each, all are: then every atomic access has its gates. */
  private static final int LOCK_PASSES_MAX = 64;

  private final FileChannel data;
  private final String name;
  private final ScannedTrace trace;
  private final Path temporaryFolder;

  /**
   * Prepares to index a trace.
   *
   * @param data the file with the trace's blocks
   * @param name of the trace, for messages
   * @param temporaryFolder for a file that is gone when the index is written
   */
  public Indexer(FileChannel data, String name, ScannedTrace trace, Path temporaryFolder) {
    this.data = data;
    this.name = name;
    this.trace = trace;
    this.temporaryFolder = temporaryFolder;
  }

  /**
   * Appends gates, index and footer.
   *
   * @param out written from its position on; may be the file with the blocks
   * @param outName for messages
   */
  public TraceIndex write(FileChannel out, String outName) {
    BlockAppender appender = new BlockAppender(out, outName);
    TraceIndex index;
    try (StampSpool spool = new StampSpool(temporaryFolder)) {
      index = analyse(spool, appender);
    }
    ByteSink bytes = new ByteSink(1 << 12);
    index.encode(bytes);
    long offset = appender.position();
    int blocks = 0;
    for (int at = 0; at < bytes.size(); at += INDEX_BLOCK_BYTES) {
      ByteSink part = new ByteSink(INDEX_BLOCK_BYTES);
      part.putBytes(bytes.array(), at, Math.min(INDEX_BLOCK_BYTES, bytes.size() - at));
      appender.header().start(Ltrace.INDEX, 0, 0, 0, blocks++);
      appender.append(List.of(part));
    }
    appender.put(
        footer(offset, blocks, appender.position() + Ltrace.FOOTER_BYTES), Ltrace.FOOTER_BYTES);
    appender.flush();
    return index;
  }

  /**
   * Writes the gates of the order in which locks are replayed by meaning, and the meanings. No file holds them: they are made
   * when somebody asks for that order.
   *
   * @param out written from its position on
   */
  public List<GateChunk> writeMeanings(FileChannel out, String outName) {
    BlockAppender appender = new BlockAppender(out, outName);
    List<GateChunk> chunks = new ArrayList<>();
    try (StampSpool spool = new StampSpool(temporaryFolder)) {
      Passes passes = new Passes(spool, true);
      LockFinder locks = new LockFinder(passes.records.totals());
      for (int pass = 0; pass <= LOCK_PASSES_MAX; pass++) {
        if (pass == LOCK_PASSES_MAX) {
          locks.refuseAll();
        }
        locks.restart();
        passes.gates(locks, GateTaker.NONE, locks);
        if (locks.isStable()) {
          break;
        }
      }
      locks.restart(
          new GateSink(ReplayOrder.SEMANTIC, passes.threads, appender, chunks),
          new MeaningSink(passes.threads, appender, chunks));
      passes.gates(locks, GateTaker.NONE, locks);
    }
    appender.flush();
    return chunks;
  }

  /** The passes that every order's gates are made from. */
  private final class Passes {
    final int threads = trace.threads().size();
    final RecordPass records;
    final CloneTable clones;
    final PendingGates pending = new PendingGates(threads);
    final OrderPass order;
    private final StampSpool spool;

    Passes(StampSpool spool, boolean wantsStores) {
      this.spool = spool;
      records = new RecordPass(data, name, spool, wantsStores);
      records.run(trace);
      clones = new CloneTable(trace.threads(), records.clones());
      clones.assign(declaredParents());
      order = new OrderPass(trace, records.totals(), clones, pending);
      order.run(stamps(), records.threadsOfSpace().keySet());
      new TouchPass(data, name, trace, clones, order.spaces(), records.threadsOfSpace(), pending)
          .run();
    }

    void gates(GateTaker perAddress, GateTaker strict, LockWords locks) {
      SharedWords places = new SharedWords(order.spaces());
      new GatePass(
              records.totals(), clones, places, parents(clones), pending, perAddress, strict, locks)
          .run(stamps());
    }

    private StampMerger stamps() {
      return new StampMerger(spool, threads, name);
    }
  }

  private TraceIndex analyse(StampSpool spool, BlockAppender appender) {
    Passes passes = new Passes(spool, false);
    RecordPass records = passes.records;
    CloneTable clones = passes.clones;
    OrderPass order = passes.order;
    List<GateChunk> chunks = new ArrayList<>();
    GateSink perAddress = new GateSink(ReplayOrder.PER_ADDRESS, passes.threads, appender, chunks);
    GateSink strict = new GateSink(ReplayOrder.STRICT, passes.threads, appender, chunks);
    passes.gates(perAddress, strict, LockWords.NONE);

    Set<SpaceKey> captured = new HashSet<>();
    trace.images().forEach(image -> captured.add(new SpaceKey(image.pid(), image.image())));
    Footprint footprint = new Footprint(order.spaces(), captured, parents(clones));
    footprint.addData(records.pages());
    footprint.addFetched(records.fetchPages());
    List<TraceIndex.IndexedProcess> processes = processes(records, footprint.madeUp());
    return new TraceIndex(
        digest(records, order, processes),
        features(records, processes),
        footprint.pages(),
        footprint.unmapped(),
        strict.gates(),
        perAddress.gates(),
        processes,
        indexedThreads(records),
        records.mix(),
        trace.remarks(),
        chunks);
  }

  /** Parent in the trace of each process, as the processes say. */
  private Map<Integer, Integer> declaredParents() {
    Map<Integer, Integer> parents = new HashMap<>();
    Set<Integer> known = new HashSet<>();
    trace.processes().forEach(process -> known.add(process.pid()));
    for (ProcessBlock process : trace.processes()) {
      if (process.parentPid() != process.pid() && known.contains(process.parentPid())) {
        parents.put(process.pid(), process.parentPid());
      }
    }
    return parents;
  }

  /** Parent in the trace of each process, as the processes and the calls that made them say. */
  private Map<Integer, Integer> parents(CloneTable clones) {
    Map<Integer, Integer> parents = declaredParents();
    for (int t = 0; t < trace.threads().size(); t++) {
      CloneCall creator = clones.creatorOf(t);
      int pid = trace.threads().get(t).pid();
      if (creator != null) {
        int parent = trace.threads().get(creator.thread()).pid();
        if (parent != pid) {
          parents.put(pid, parent);
        }
      }
    }
    return parents;
  }

  private List<TraceIndex.IndexedProcess> processes(
      RecordPass records, Map<SpaceKey, List<Mapping>> madeUp) {
    Map<Integer, ProcessBlock> declared = new TreeMap<>();
    trace.processes().forEach(process -> declared.put(process.pid(), process));
    Map<SpaceKey, List<Mapping>> images = new TreeMap<>(madeUp);
    for (ImageBlock image : trace.images()) {
      images.put(new SpaceKey(image.pid(), image.image()), image.mappings());
    }
    Map<Integer, Integer> lastImage = new HashMap<>();
    records
        .threadsOfSpace()
        .keySet()
        .forEach(key -> lastImage.merge(key.pid(), key.image(), Math::max));
    images.keySet().forEach(key -> lastImage.merge(key.pid(), key.image(), Math::max));
    Set<Integer> pids = new LinkedHashSet<>();
    trace.threads().forEach(thread -> pids.add(thread.pid()));
    pids.addAll(declared.keySet());
    List<TraceIndex.IndexedProcess> processes = new ArrayList<>();
    for (int pid : pids) {
      List<List<Mapping>> ofProcess = new ArrayList<>();
      boolean areMadeUp = false;
      for (int image = 0; image <= lastImage.getOrDefault(pid, 0); image++) {
        SpaceKey key = new SpaceKey(pid, image);
        ofProcess.add(images.getOrDefault(key, List.of()));
        areMadeUp |= madeUp.containsKey(key) && !madeUp.get(key).isEmpty();
      }
      ProcessBlock process = declared.getOrDefault(pid, ProcessBlock.unnamed(pid));
      processes.add(new TraceIndex.IndexedProcess(process, ofProcess, areMadeUp));
    }
    return processes;
  }

  private Set<Feature> features(RecordPass records, List<TraceIndex.IndexedProcess> processes) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(records.features());
    if (records.mix().count(AccessKind.FETCH) > 0) {
      features.add(Feature.FETCHES);
    }
    if (!trace.header().areInstructionsAssumed()) {
      features.add(Feature.INSTRUCTION_COUNTS);
    }
    if (!trace.images().isEmpty()
        && processes.stream().noneMatch(TraceIndex.IndexedProcess::areMadeUp)) {
      features.add(Feature.MAPPINGS);
    }
    return features;
  }

  private List<TraceIndex.IndexedThread> indexedThreads(RecordPass records) {
    List<TraceIndex.IndexedThread> threads = new ArrayList<>();
    for (int t = 0; t < trace.threads().size(); t++) {
      threads.add(
          new TraceIndex.IndexedThread(trace.threads().get(t), records.totals().get(t)));
    }
    return threads;
  }

  private String digest(
      RecordPass records, OrderPass order, List<TraceIndex.IndexedProcess> processes) {
    RecordHash hash = new RecordHash();
    hash.putRaw("legosim-trace 1\n".getBytes(StandardCharsets.US_ASCII));
    hash.putInt(trace.header().areInstructionsAssumed() ? 1 : 0);
    hash.putInt(processes.size());
    Map<Integer, List<ImageBlock>> images = new HashMap<>();
    trace.images().stream()
        .filter(image -> !image.mappings().isEmpty())
        .sorted(Comparator.comparingInt(ImageBlock::image))
        .forEach(image ->
            images.computeIfAbsent(image.pid(), pid -> new ArrayList<>()).add(image));
    for (TraceIndex.IndexedProcess indexed : processes) {
      ProcessBlock process = indexed.process();
      hash.putInt(process.pid());
      hash.putInt(process.parentPid());
      hash.putText(process.name());
      hash.putInt(process.arguments().size());
      process.arguments().forEach(hash::putText);
      List<ImageBlock> ofProcess = images.getOrDefault(process.pid(), List.of());
      hash.putInt(ofProcess.size());
      ofProcess.forEach(image -> hashImage(image, hash));
    }
    hash.putInt(trace.threads().size());
    for (int t = 0; t < trace.threads().size(); t++) {
      ThreadBlocks thread = trace.threads().get(t);
      hash.putInt(thread.pid());
      hash.putInt(thread.tid());
      hash.putLong(records.totals().get(t).records());
      hash.putRaw(records.hashes().get(t));
    }
    hash.putRaw(order.orderHash());
    return HexFormat.of().formatHex(hash.finish());
  }

  private static void hashImage(ImageBlock image, RecordHash hash) {
    hash.putInt(image.image());
    hash.putInt(image.mappings().size());
    for (Mapping mapping : image.mappings()) {
      hash.putLong(mapping.start());
      hash.putLong(mapping.end());
      hash.room().put((byte) ImageBlock.protectionBits(mapping.protection()));
      hash.putLong(mapping.fileOffset());
      hash.putText(mapping.name());
    }
  }

  private static byte[] footer(long indexOffset, int indexBlocks, long fileBytes) {
    ByteBuffer footer = ByteBuffer.allocate(Ltrace.FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    footer.putLong(indexOffset).putInt(indexBlocks).putInt(0).putLong(fileBytes).putInt(0);
    CRC32C crc = new CRC32C();
    crc.update(footer.array(), 0, FOOTER_CRC_BYTES);
    footer.putInt((int) crc.getValue()).putLong(Ltrace.FOOTER_MAGIC);
    return footer.array();
  }

  /** Makes what was written durable. */
  static void force(FileChannel channel, String name) {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new OutputException(name + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
