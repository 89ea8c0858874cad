package org.legosim.trace.pack;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.legosim.timing.trace.Mapping;
import org.legosim.timing.trace.ReplayOrder;
import org.legosim.timing.trace.TraceImage.Feature;
import org.legosim.trace.format.ByteSink;
import org.legosim.trace.format.ByteSource;
import org.legosim.trace.format.ImageBlock;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.ProcessBlock;
import org.legosim.trace.format.ThreadBlocks;

/**
 * What packing found out about a trace: everything needed to open it but its records and gates.
 *
 * @param digest SHA-256 as the format defines it, in lower-case hexadecimal
 * @param features what the trace carries
 * @param footprintPages distinct 4 KiB pages that data accesses touched, per address space
 * @param unmappedPages those of them outside any mapping, in spaces whose mappings were captured
 * @param strictGates gates of the strict order
 * @param perAddressGates gates of the default order
 * @param processes in order of their first thread; with the mappings made up for those that have none
 * @param threads in canonical order, where their blocks stand, and their totals
 * @param mix counts over all threads
 * @param remarks facts about the capture
 * @param chunks where the gates stand
 */
public record TraceIndex(
    String digest,
    Set<Feature> features,
    long footprintPages,
    long unmappedPages,
    long strictGates,
    long perAddressGates,
    List<IndexedProcess> processes,
    List<IndexedThread> threads,
    Mix mix,
    Map<String, String> remarks,
    List<GateChunk> chunks) {
  /**
   * A process, and the mappings of each of its images; those without any have none.
   *
   * @param areMadeUp whether the first image's mappings come from the pages touched
   */
  public record IndexedProcess(
      ProcessBlock process, List<List<Mapping>> images, boolean areMadeUp) {}

  /** A thread, where its blocks stand and what they add up to. */
  public record IndexedThread(ThreadBlocks blocks, ThreadTotals totals) {}

  private static final int REVISION = 1;
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGEST_BYTES = 32;
  private static final int MOST = Integer.MAX_VALUE;
  private static final List<ReplayOrder> ORDERS = List.of(ReplayOrder.values());
  private static final List<Feature> FEATURES = List.of(Feature.values());

  /** What differs from another index of the same trace, in words for people; where gates stand does not count. */
  public Optional<String> differenceFrom(TraceIndex other) {
    if (!digest.equals(other.digest)) {
      return Optional.of("the digest is " + digest + ", and " + other.digest + " by the records");
    }
    if (perAddressGates != other.perAddressGates || strictGates != other.strictGates) {
      return Optional.of(
          "it has " + perAddressGates + " gates (" + strictGates + " in strict order), and "
              + other.perAddressGates + " (" + other.strictGates + ") by the records");
    }
    boolean isSame = footprintPages == other.footprintPages
        && unmappedPages == other.unmappedPages
        && features.equals(other.features)
        && processes.equals(other.processes)
        && encoded(threads).equals(encoded(other.threads))
        && encoded(mix).equals(encoded(other.mix));
    return isSame
        ? Optional.empty()
        : Optional.of("footprint, processes, threads or counts differ");
  }

  private static ByteBuffer encoded(List<IndexedThread> threads) {
    ByteSink bytes = new ByteSink(1 << 10);
    threads.forEach(thread -> encodeThread(thread, bytes));
    return ByteBuffer.wrap(bytes.array(), 0, bytes.size());
  }

  private static ByteBuffer encoded(Mix mix) {
    ByteSink bytes = new ByteSink(1 << 10);
    mix.encode(bytes);
    return ByteBuffer.wrap(bytes.array(), 0, bytes.size());
  }

  void encode(ByteSink out) {
    out.putVarint(REVISION);
    out.putBytes(HEX.parseHex(digest));
    int bits = 0;
    for (Feature feature : features) {
      bits |= 1 << feature.ordinal();
    }
    out.putVarint(bits);
    out.putVarint(footprintPages);
    out.putVarint(unmappedPages);
    out.putVarint(strictGates);
    out.putVarint(perAddressGates);
    out.putVarint(processes.size());
    processes.forEach(process -> encodeProcess(process, out));
    out.putVarint(threads.size());
    threads.forEach(thread -> encodeThread(thread, out));
    mix.encode(out);
    out.putVarint(remarks.size());
    remarks.forEach((key, value) -> {
      out.putString(key);
      out.putString(value);
    });
    out.putVarint(chunks.size());
    long before = 0;
    for (GateChunk chunk : chunks) {
      out.putByte(chunk.order().ordinal());
      out.putByte(chunk.role());
      out.putVarint(chunk.thread());
      out.putVarint(chunk.offset() - before);
      before = chunk.offset();
    }
  }

  private static void encodeProcess(IndexedProcess indexed, ByteSink out) {
    ProcessBlock process = indexed.process();
    out.putVarint(process.pid());
    out.putVarint(process.tid());
    ByteSink part = new ByteSink(64);
    process.encode(part);
    out.putVarint(part.size());
    out.putBytes(part.array(), 0, part.size());
    out.putByte(indexed.areMadeUp() ? 1 : 0);
    out.putVarint(indexed.images().size());
    for (List<Mapping> mappings : indexed.images()) {
      part.clear();
      new ImageBlock(process.pid(), 0, mappings).encode(part);
      out.putVarint(part.size());
      out.putBytes(part.array(), 0, part.size());
    }
  }

  private static void encodeThread(IndexedThread thread, ByteSink out) {
    ThreadTotals totals = thread.totals();
    out.putVarint(totals.pid());
    out.putVarint(totals.tid());
    out.putVarint(thread.blocks().generation());
    out.putVarint(totals.records());
    out.putVarint(totals.accesses());
    out.putVarint(totals.fetches());
    out.putVarint(totals.events());
    out.putVarint(totals.instructions());
    out.putVarint(totals.firstSequence());
    out.putVarint(thread.blocks().offsets().size());
    long before = 0;
    for (int i = 0; i < thread.blocks().offsets().size(); i++) {
      long offset = thread.blocks().offsets().get(i);
      out.putVarint(offset - before);
      before = offset;
    }
  }

  static TraceIndex decode(ByteSource in) {
    long revision = in.varint();
    if (revision != REVISION) {
      throw in.damage("the index has revision " + revision + ", this legosim reads " + REVISION
          + ": pack it again");
    }
    byte[] digest = new byte[DIGEST_BYTES];
    in.bytes(digest);
    int bits = in.count((1 << FEATURES.size()) - 1, "the set of features");
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    FEATURES.stream()
        .filter(feature -> (bits & 1 << feature.ordinal()) != 0)
        .forEach(features::add);
    long footprintPages = in.varint();
    long unmappedPages = in.varint();
    long strictGates = in.varint();
    long perAddressGates = in.varint();
    List<IndexedProcess> processes = new ArrayList<>();
    for (int i = in.count(MOST, "the number of processes"); i > 0; i--) {
      processes.add(decodeProcess(in));
    }
    List<IndexedThread> threads = new ArrayList<>();
    for (int i = in.count(MOST, "the number of threads"); i > 0; i--) {
      threads.add(decodeThread(in));
    }
    Mix mix = Mix.decode(in);
    Map<String, String> remarks = new LinkedHashMap<>();
    for (int i = in.count(MOST, "the number of remarks"); i > 0; i--) {
      String key = in.string(Ltrace.MAX_RAW_BYTES);
      remarks.put(key, in.string(Ltrace.MAX_RAW_BYTES));
    }
    List<GateChunk> chunks = decodeChunks(in, threads.size());
    if (!in.isAtEnd()) {
      throw in.damage("the index is followed by more");
    }
    return new TraceIndex(
        HEX.formatHex(digest),
        features,
        footprintPages,
        unmappedPages,
        strictGates,
        perAddressGates,
        processes,
        threads,
        mix,
        remarks,
        chunks);
  }

  private static IndexedProcess decodeProcess(ByteSource in) {
    int pid = in.count(MOST, "a pid");
    int tid = in.count(MOST, "a tid");
    ProcessBlock process = ProcessBlock.decode(in.part(), pid, tid);
    boolean areMadeUp = in.byteValue() != 0;
    List<List<Mapping>> images = new ArrayList<>();
    for (int i = in.count(MOST, "the number of images"); i > 0; i--) {
      images.add(ImageBlock.decode(in.part(), pid, images.size()).mappings());
    }
    return new IndexedProcess(process, images, areMadeUp);
  }

  private static IndexedThread decodeThread(ByteSource in) {
    int pid = in.count(MOST, "a pid");
    int tid = in.count(MOST, "a tid");
    ThreadBlocks blocks =
        new ThreadBlocks(pid, tid, in.count(MOST, "how many threads had this tid before"));
    ThreadTotals totals = new ThreadTotals(
        pid, tid, in.varint(), in.varint(), in.varint(), in.varint(), in.varint(), in.varint());
    long offset = 0;
    for (int i = in.count(MOST, "the number of blocks"); i > 0; i--) {
      offset += in.varint();
      blocks.add(offset, ThreadBlocks.NO_SEQUENCE);
    }
    return new IndexedThread(blocks, totals);
  }

  private static List<GateChunk> decodeChunks(ByteSource in, int threads) {
    List<GateChunk> chunks = new ArrayList<>();
    long offset = 0;
    for (int i = in.count(MOST, "the number of gate blocks"); i > 0; i--) {
      int order = in.byteValue();
      int role = in.byteValue();
      int thread = in.count(threads - 1, "a thread");
      if (order > ReplayOrder.PER_ADDRESS.ordinal() || role > GateChunk.SOURCES) {
        throw in.damage("a gate block is of an unknown kind");
      }
      offset += in.varint();
      chunks.add(new GateChunk(ORDERS.get(order), role, thread, offset));
    }
    return chunks;
  }
}
