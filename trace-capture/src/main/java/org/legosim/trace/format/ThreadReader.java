package org.legosim.trace.format;

import java.nio.channels.FileChannel;
import org.legosim.timing.TraceException;
import org.legosim.timing.trace.AccessBatch;
import org.legosim.timing.trace.AccessKind;
import org.legosim.timing.trace.AccessSource;
import org.legosim.timing.trace.EventKind;

/**
 * One thread's records in its own order, read block by block. Holds one block at a time.
 *
 * <p>With stamps shown, sequence numbers that belong to no event are returned too: {@link #ATOMIC}
 * with a batch of the one atomic access, {@link #ORDER} with an empty one; the batch's {@link
 * AccessBatch#eventSequence} holds the number. A reader that only replays does not ask for them, and gets longer
 * batches.
 */
public final class ThreadReader implements AccessSource {
  /** The batch holds one atomic access, and its sequence number. */
  public static final int ATOMIC = 3;
  /** The batch holds a sequence number only: the records so far come before it. */
  public static final int ORDER = 4;

  /**
   * A place behind an entry, or at the thread's start, to come back to.
   *
   * @param block that the place is in, and what the reader knew before it
   */
  public record Place(
      int block,
      int image,
      int number,
      long sequence,
      long syscall,
      long blockRecords,
      long records) {}

  /** Number of a returning system call that the thread did not enter: a forked child's first record. */
  public static final long NO_SYSCALL = -1;

  private static final EventKind[] EVENT_KINDS = EventKind.values();
  private static final String[] NO_STRINGS = {};

  private final BlockReader blocks;
  private final ThreadBlocks thread;
  private final BlockDecoder decoder;
  private final EntryReader entry;
  private final boolean showsStamps;
  private Place blockStart = new Place(0, 0, 0, -1, NO_SYSCALL, 0, 0);
  private int nextBlock;
  private boolean isBlockOpen;
  private int image;
  private int number;
  private int accesses;
  private int decoded;
  private boolean isEntryPending;
  private boolean isLastBlock;
  private long records;
  private long lastSequence = -1;
  private long lastSyscall = NO_SYSCALL;
  private int argumentCount;

  public ThreadReader(FileChannel channel, String name, ThreadBlocks thread, boolean showsStamps) {
    this.blocks = new BlockReader(channel, name);
    this.thread = thread;
    this.decoder = new BlockDecoder(name);
    this.entry = new EntryReader(name);
    this.showsStamps = showsStamps;
  }

  @Override
  public int next(AccessBatch batch) {
    batch.firstRecord = records;
    batch.count = 0;
    while (true) {
      int upTo = isEntryPending ? entry.accessIndex : accesses;
      if (decoded < upTo) {
        return takeAccesses(batch, Math.min(upTo - decoded, AccessBatch.CAPACITY));
      }
      if (isEntryPending) {
        return takeEntry(batch);
      }
      if (!openBlock()) {
        return END;
      }
    }
  }

  /** Sequence number of the next entry, or {@link ThreadBlocks#NO_SEQUENCE}; for readers that show stamps. */
  public long peekSequence() {
    return isEntryPending ? entry.sequence : thread.firstSequenceFrom(nextBlock);
  }

  /** The place behind the entry returned last; no access may have been returned since. */
  public Place place() {
    return new Place(
        blockStart.block(),
        blockStart.image(),
        blockStart.number(),
        blockStart.sequence(),
        blockStart.syscall(),
        blockStart.blockRecords(),
        records);
  }

  /** Goes back to a place. Entries before it that are no records may be returned again. */
  public void seek(Place place, AccessBatch scratch) {
    nextBlock = place.block();
    image = place.image();
    number = place.number();
    lastSequence = place.sequence();
    lastSyscall = place.syscall();
    records = place.blockRecords();
    accesses = 0;
    decoded = 0;
    isEntryPending = false;
    isBlockOpen = false;
    isLastBlock = false;
    while (records < place.records()) {
      next(scratch);
    }
  }

  /** How often exec had been called in this process before the record returned last. */
  public int image() {
    return image;
  }

  /** Of the system call returned last: arguments given, the others being zero. */
  public int argumentCount() {
    return argumentCount;
  }

  /** The sites of the block that the last batch came from, with all that the format knows of them. */
  public BlockDecoder sites() {
    return decoder;
  }

  /** Words for a record of the current block that contradicts the rest of the trace. */
  public TraceException contradiction(String what) {
    return Damage.contradiction(blocks.name(), "byte " + blocks.offset(), what);
  }

  @Override
  public void close() {
    blocks.close();
  }

  private int takeAccesses(AccessBatch batch, int count) {
    decoder.decode(batch, count);
    decoded += count;
    records += count;
    batch.count = count;
    return ACCESSES;
  }

  private int takeEntry(AccessBatch batch) {
    batch.eventSequence = entry.sequence;
    int kind = entry.kind;
    if (kind == Ltrace.ATOMIC) {
      takeAccesses(batch, 1);
      if (AccessBatch.kindOf(batch.shape[0]) != AccessKind.ATOMIC) {
        throw entry.damage("a sequence number for an atomic stands before another access");
      }
      nextEntry();
      return ATOMIC;
    }
    if (kind == Ltrace.ORDER) {
      nextEntry();
      return ORDER;
    }
    fillEvent(batch);
    records++;
    nextEntry();
    return EVENT;
  }

  private void fillEvent(AccessBatch batch) {
    EventKind kind = EVENT_KINDS[entry.kind];
    batch.eventKind = kind;
    batch.eventInstructions = 0;
    batch.eventNumber = 0;
    batch.eventResult = 0;
    batch.eventStrings = entry.strings;
    switch (kind) {
      case SYSCALL_ENTER -> {
        batch.eventInstructions = entry.instructions;
        batch.eventNumber = entry.number;
        System.arraycopy(entry.arguments, 0, batch.eventArguments, 0, entry.arguments.length);
        lastSyscall = entry.number;
        argumentCount = entry.argumentCount;
      }
      case SYSCALL_RETURN -> {
        batch.eventNumber = lastSyscall;
        batch.eventResult = entry.result;
      }
      case SIGNAL -> batch.eventNumber = entry.number;
      case MARK -> {}
      case EXEC, EXIT -> batch.eventStrings = NO_STRINGS;
    }
  }

  private void nextEntry() {
    do {
      isEntryPending = entry.next();
      if (isEntryPending) {
        if (entry.sequence <= lastSequence) {
          throw entry.damage(
              "sequence number " + entry.sequence + " does not follow " + lastSequence);
        }
        lastSequence = entry.sequence;
      }
    } while (isEntryPending && !showsStamps && entry.kind >= Ltrace.ATOMIC);
  }

  private boolean openBlock() {
    if (isBlockOpen) {
      decoder.finish();
    }
    if (nextBlock == thread.offsets().size()) {
      return false;
    }
    blockStart = new Place(nextBlock, image, number, lastSequence, lastSyscall, records, records);
    isBlockOpen = true;
    long offset = thread.offsets().get(nextBlock);
    blocks.read(offset);
    BlockHeader header = blocks.header();
    boolean isNextImage = nextBlock == 0 || header.image > image;
    int expected = isNextImage ? 0 : number + 1;
    if (header.kind != Ltrace.RECORDS
        || header.pid != thread.pid()
        || header.tid != thread.tid()
        || header.image < image
        || header.number != expected
        || isLastBlock) {
      throw Damage.at(blocks.name(), offset, "another block stands here than the index says");
    }
    nextBlock++;
    image = header.image;
    number = header.number;
    isLastBlock = header.isLast();
    accesses = header.accesses;
    decoded = 0;
    decoder.begin(blocks.raw(), header, offset);
    entry.begin(blocks.raw(), header, offset);
    nextEntry();
    return true;
  }
}
