package org.legosim.trace.pack;

import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;
import org.legosim.timing.trace.TraceImage.Feature;
import org.legosim.trace.format.BlockDecoder;
import org.legosim.trace.format.Ltrace;
import org.legosim.trace.format.ScannedTrace;
import org.legosim.trace.format.ThreadBlocks;
import org.legosim.trace.format.ThreadReader;

/**
 * First pass: decodes every record of every thread once, thread by thread. Checks them, hashes them, counts them, and
 * leaves the stamps in a spool.
 */
final class RecordPass {
  private static final int LINE_SHIFT = 6;

  private final FileChannel channel;
  private final String name;
  private final StampSpool spool;
  private final Mix mix = new Mix();
  private final List<ThreadTotals> totals = new ArrayList<>();
  private final List<byte[]> hashes = new ArrayList<>();
  private final List<CloneCall> clones = new ArrayList<>();
  private final Map<SpaceKey, LongSet> pages = new TreeMap<>();
  private final Map<SpaceKey, LongSet> fetchPages = new TreeMap<>();
  private final Map<SpaceKey, Set<Integer>> threadsOfSpace = new TreeMap<>();
  private final Set<Feature> features = new HashSet<>();
  private final AccessBatch batch = new AccessBatch();
  private final Stamp stamp = new Stamp();
  private final boolean wantsStores;

  /**
   * Prepares the pass.
   *
   * @param wantsStores whether stamps tell of plain stores to words that the thread used atomically
   */
  RecordPass(FileChannel channel, String name, StampSpool spool, boolean wantsStores) {
    this.wantsStores = wantsStores;
    this.channel = channel;
    this.name = name;
    this.spool = spool;
  }

  void run(ScannedTrace trace) {
    for (int t = 0; t < trace.threads().size(); t++) {
      spool.startThread();
      ThreadBlocks blocks = trace.threads().get(t);
      try (ThreadReader reader = new ThreadReader(channel, name, blocks, true)) {
        new OneThread(t, blocks, reader).run();
      }
    }
  }

  Mix mix() {
    return mix;
  }

  List<ThreadTotals> totals() {
    return totals;
  }

  /** SHA-256 of each thread's records. */
  List<byte[]> hashes() {
    return hashes;
  }

  List<CloneCall> clones() {
    return clones;
  }

  /** Pages that data accesses touched, by address space. */
  Map<SpaceKey, LongSet> pages() {
    return pages;
  }

  /** Pages that instruction fetches touched, by address space; few traces have any. */
  Map<SpaceKey, LongSet> fetchPages() {
    return fetchPages;
  }

  /** Indices of the threads that have records in each address space. */
  Map<SpaceKey, Set<Integer>> threadsOfSpace() {
    return threadsOfSpace;
  }

  Set<Feature> features() {
    return features;
  }

  private final class OneThread {
    private final int thread;
    private final ThreadBlocks blocks;
    private final ThreadReader reader;
    private final RecordHash hash = new RecordHash();
    private LongSet spacePages = new LongSet();
    private int image = -1;
    private long accesses;
    private long fetches;
    private long events;
    private long instructions;
    private long firstSequence;
    private long lastLine = Long.MIN_VALUE;
    private long lastPage = Long.MIN_VALUE;
    private long lastFetchPage = Long.MIN_VALUE;
    private boolean hasEnded;
    private long cloneRecord = -1;
    private long cloneSequence;
    private long cloneFlags;
    private long clearAddress;
    private final RecentWords atomics = new RecentWords();

    OneThread(int thread, ThreadBlocks blocks, ThreadReader reader) {
      this.thread = thread;
      this.blocks = blocks;
      this.reader = reader;
    }

    void run() {
      stamp.stores = 0;
      long records = 0;
      for (int kind = reader.next(batch); kind != AccessSource.END; kind = reader.next(batch)) {
        if (hasEnded) {
          throw reader.contradiction(blocks + " goes on after its end");
        }
        if (reader.image() != image) {
          enterImage();
        }
        switch (kind) {
          case AccessSource.ACCESSES -> takeAccesses();
          case AccessSource.EVENT -> takeEvent();
          case ThreadReader.ATOMIC -> takeAtomic();
          default -> addStamp(Ltrace.ORDER, batch.firstRecord);
        }
        records = batch.firstRecord + batch.count + (kind == AccessSource.EVENT ? 1 : 0);
      }
      addClone(CloneCall.NOT_BACK);
      if (reader.sites().hasSeenPc()) {
        features.add(Feature.SITES);
      }
      if (reader.sites().hasSeenRegisters()) {
        features.add(Feature.REGISTER_DEPENDENCES);
      }
      hashes.add(hash.finish());
      totals.add(new ThreadTotals(
          blocks.pid(),
          blocks.tid(),
          records,
          accesses,
          fetches,
          events,
          instructions,
          firstSequence));
    }

    private void enterImage() {
      image = reader.image();
      SpaceKey space = new SpaceKey(blocks.pid(), image);
      spacePages = pages.computeIfAbsent(space, key -> new LongSet());
      threadsOfSpace.computeIfAbsent(space, key -> new HashSet<>()).add(thread);
      lastPage = Long.MIN_VALUE;
      lastFetchPage = Long.MIN_VALUE;
    }

    private void takeAccesses() {
      for (int i = 0; i < batch.count; i++) {
        if (AccessBatch.kindOf(batch.shape[i]) == AccessKind.ATOMIC) {
          throw reader.contradiction("an atomic access of " + blocks + " has no sequence number");
        }
      }
      if (wantsStores && !atomics.isEmpty()) {
        findStores();
      }
      countAccesses();
    }

    private void findStores() {
      for (int i = 0; i < batch.count && stamp.stores < Stamp.STORES_MAX; i++) {
        if (AccessBatch.kindOf(batch.shape[i]) == AccessKind.STORE
            && atomics.contains(batch.address[i])) {
          stamp.storeAddress[stamp.stores] = batch.address[i];
          stamp.storeRecord[stamp.stores++] = batch.firstRecord + i;
        }
      }
    }

    private void takeAtomic() {
      stamp.address = batch.address[0];
      stamp.bytes = AccessBatch.bytesOf(batch.shape[0]);
      stamp.number = reader.sites().programCounter(batch.site[0]);
      addStamp(Ltrace.ATOMIC, batch.firstRecord);
      atomics.add(batch.address[0]);
      countAccesses();
    }

    private void countAccesses() {
      BlockDecoder sites = reader.sites();
      long lines = 0;
      long samePages = 0;
      for (int i = 0; i < batch.count; i++) {
        int shape = batch.shape[i];
        long address = batch.address[i];
        int site = batch.site[i];
        int bits = sites.descriptor(site);
        hash.room()
            .putInt(shapeBits(shape, sites.definedRegister(site), bits))
            .putInt(batch.instructions[i])
            .putLong(address)
            .putLong(sites.programCounter(site))
            .putInt(sites.addressRegisters(site));
        mix.countShape(shape);
        instructions += batch.instructions[i];
        if (AccessBatch.kindOf(shape) == AccessKind.FETCH) {
          fetches++;
          countFetchPage(address >> Ltrace.PAGE_SHIFT);
          continue;
        }
        accesses++;
        long line = address >> LINE_SHIFT;
        lines += line == lastLine ? 1 : 0;
        lastLine = line;
        long page = address >> Ltrace.PAGE_SHIFT;
        if (page == lastPage) {
          samePages++;
        } else {
          spacePages.add(page);
          lastPage = page;
        }
        long endPage = (address + AccessBatch.bytesOf(shape) - 1) >> Ltrace.PAGE_SHIFT;
        if (endPage != page) {
          spacePages.add(endPage);
        }
      }
      mix.countNear(lines, samePages);
    }

    private void countFetchPage(long page) {
      if (page != lastFetchPage) {
        fetchPages
            .computeIfAbsent(new SpaceKey(blocks.pid(), image), key -> new LongSet())
            .add(page);
        lastFetchPage = page;
      }
    }

    private void takeEvent() {
      events++;
      EventKind kind = batch.eventKind;
      hash.putInt(0xffffff00 | kind.ordinal());
      stamp.number = batch.eventNumber;
      stamp.result = batch.eventResult;
      stamp.strings = batch.eventStrings;
      switch (kind) {
        case SYSCALL_ENTER -> takeEnter();
        case SYSCALL_RETURN -> takeReturn();
        case SIGNAL -> hash.putLong(batch.eventNumber);
        case MARK -> hash.putText(batch.eventStrings[0]);
        case EXIT -> hasEnded = true;
        case EXEC -> {}
      }
      addStamp(kind.ordinal(), batch.firstRecord);
    }

    private void takeEnter() {
      hash.putLong(batch.eventInstructions);
      hash.putLong(batch.eventNumber);
      for (int i = 0; i < batch.eventArguments.length; i++) {
        hash.putLong(batch.eventArguments[i]);
        stamp.arguments[i] = batch.eventArguments[i];
      }
      hashStrings();
      instructions += batch.eventInstructions;
      mix.countCall(batch.eventNumber);
      features.add(Feature.SYSCALLS);
      cloneRecord = -1;
      if (LinuxCalls.clones(batch.eventNumber)) {
        cloneRecord = batch.firstRecord;
        cloneSequence = batch.eventSequence;
        cloneFlags = LinuxCalls.cloneFlags(batch.eventNumber, batch.eventArguments[0]);
        boolean clears = (cloneFlags & LinuxCalls.CLONE_CHILD_CLEARTID) != 0;
        clearAddress = clears ? batch.eventArguments[3] : 0;
      }
    }

    private void takeReturn() {
      hash.putLong(batch.eventResult);
      hashStrings();
      if (LinuxCalls.failed(batch.eventResult) && batch.eventNumber != ThreadReader.NO_SYSCALL) {
        mix.countFailure(batch.eventNumber);
      }
      if (batch.eventResult > 0 && batch.eventResult <= Integer.MAX_VALUE) {
        addClone((int) batch.eventResult);
      }
      cloneRecord = -1;
    }

    private void addClone(int child) {
      if (cloneRecord >= 0) {
        clones.add(
            new CloneCall(thread, cloneRecord, cloneSequence, child, cloneFlags, clearAddress));
      }
    }

    private void hashStrings() {
      hash.putInt(batch.eventStrings.length);
      for (String string : batch.eventStrings) {
        hash.putText(string);
      }
    }

    private void addStamp(int kind, long record) {
      stamp.kind = kind;
      stamp.image = image;
      stamp.sequence = batch.eventSequence;
      stamp.record = record;
      if (firstSequence == 0) {
        firstSequence = batch.eventSequence;
      }
      spool.add(stamp);
      stamp.stores = 0;
    }
  }

  /** Kind, size, defined register and what of the site is known, as the digest takes them. */
  private static int shapeBits(int shape, int definedRegister, int descriptor) {
    return AccessBatch.kindOf(shape)
        | AccessBatch.bytesOf(shape) << 2
        | (definedRegister + 1) << 9
        | (descriptor >>> 8 & 3) << 15;
  }
}
