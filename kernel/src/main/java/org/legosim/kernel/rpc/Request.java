package org.legosim.kernel.rpc;

/**
 * One request from a processor node and its reply. Each context owns one and reuses it: the real
 * kernel's callers are synchronous and have one message buffer per CPU.
 *
 * <p>The stage times are filled by FIT and the memory node; {@link #wirePs} and the queueing and
 * service times add up exactly to {@link #totalPs}.
 */
public final class Request {
  /** Bytes of an error reply: an errno instead of a page. */
  public static final int ERROR_REPLY_BYTES = 4;

  public Opcode opcode = Opcode.TEST;
  public int sourceNode;
  public int targetNode;
  /** Payload of the request without FIT's header; set from {@link Opcode#requestBytes} by {@link #prepare}. */
  public int requestBytes;
  /** Payload of the reply; the handler may set another size before it replies. */
  public int replyBytes;
  /** True for callers that build the message in a fresh buffer and copy into it (system calls). */
  public boolean isMarshalled;

  /** Process identity at the memory node together with {@link #sourceNode}. */
  public int tgid;

  /** An address; of a miss the one that faulted, of a flush the line's. */
  public long address;

  /** Bytes; of a miss or flush those of a line, which begins at a multiple of them. */
  public long length;

  /** Of a miss or flush the sectors of the line that travel, lowest address first; 0 for all of it. */
  public long sectors;

  /** The same of a dirty line that travels with a miss. */
  public long flushSectors;

  /** log2 of the bytes of a sector. */
  public int sectorShift;

  /** Further arguments by operation: new length, new address, flags, protection, parent tgid ... */
  public final long[] argument = new long[6];

  /** Place among the arguments of a mmap: 1 when the address is a wish, not where it must go. */
  public static final int MAP_HINT = 4;

  public String text = "";

  /** The new path of a rename. */
  public String otherText = "";

  /** Place among the arguments of a file's request: the first byte. */
  public static final int FILE_OFFSET = 0;

  /** Place among the arguments of a file's request: {@link #FILE_SYNC}, {@link #FILE_TRUNCATE}. */
  public static final int FILE_FLAGS = 1;

  /** What is written must be safe before the reply. */
  public static final long FILE_SYNC = 1;

  /** The file is empty once it is open. */
  public static final long FILE_TRUNCATE = 2;

  /** A dirty line travels with a miss. */
  public boolean carriesFlush;

  public int flushTgid;
  public long flushAddress;

  /** What a flushed line holds; a number of {@link PageContent}. */
  public long flushContent;

  /** What the page that a reply carries holds; a number of {@link PageContent}. */
  public long content;

  /** What lies where the reply's page will be written. */
  public long bufferContent;

  /** Checksum over the pages that the request carries, when there are checksums. */
  public long checksum;

  /** The same of the reply. */
  public long replyChecksum;

  /**
   * The caller went on before the reply: its time was up, or a late reply to its call before was taken
   * for this one's.
   */
  public boolean isAbandoned;

  /** Longs per area in {@link #areas}. */
  public static final int AREA_LONGS = 3;

  /** Flag of an area in {@link #areas}: its pages may be written. */
  public static final long AREA_WRITABLE = 1;

  /** Flag of an area in {@link #areas}: its pages are shared, not copied. */
  public static final long AREA_SHARED = 2;

  /** Areas that the reply to a fork lists: start, end and flags of each, lowest address first. */
  public long[] areas = NO_AREAS;

  private static final long[] NO_AREAS = {};

  /** Longs per region in {@link #regions}. */
  public static final int REGION_LONGS = 3;

  /** Bytes of a region in a reply. */
  public static final int REGION_BYTES = 24;

  /** Ranges whose memory node changed, which a reply carries: node, start and bytes of each. */
  public long[] regions = NO_AREAS;

  /** Longs per page in {@link #pages}. */
  public static final int PAGE_LONGS = 2;

  /** Pages that travel between memory nodes: address and {@link PageContent} of each. */
  public long[] pages = NO_AREAS;

  /** 0, or a negative errno, or {@link #SEGV}. */
  public long status;

  /** An address or another value that the reply carries. */
  public long result;

  /** Status of an access that no area of the address space explains. */
  public static final long SEGV = -0x0100000bL;

  public long startPs;
  public long totalPs;
  public long networkQueuePs;
  public long wirePs;
  public long memoryQueuePs;
  public long memoryServicePs;
  public long storagePs;

  /** Clears the request for a new call of {@code operation} with its fixed sizes. */
  public Request prepare(Opcode operation, int target) {
    opcode = operation;
    targetNode = target;
    requestBytes = operation.requestBytes();
    replyBytes = operation.replyBytes();
    isMarshalled = false;
    tgid = 0;
    address = 0;
    length = 0;
    sectors = 0;
    flushSectors = 0;
    java.util.Arrays.fill(argument, 0);
    text = "";
    otherText = "";
    carriesFlush = false;
    flushContent = 0;
    content = 0;
    bufferContent = 0;
    checksum = 0;
    replyChecksum = 0;
    isAbandoned = false;
    areas = NO_AREAS;
    regions = NO_AREAS;
    pages = NO_AREAS;
    status = 0;
    result = 0;
    networkQueuePs = 0;
    wirePs = 0;
    memoryQueuePs = 0;
    memoryServicePs = 0;
    storagePs = 0;
    totalPs = 0;
    return this;
  }

  /** Sum of the stage times. */
  public long stagesPs() {
    return networkQueuePs + wirePs + memoryQueuePs + memoryServicePs + storagePs;
  }

  /** A copy that lives on when the caller uses this request again. */
  public Request copy() {
    Request copy = new Request();
    copy.opcode = opcode;
    copy.sourceNode = sourceNode;
    copy.targetNode = targetNode;
    copy.requestBytes = requestBytes;
    copy.replyBytes = replyBytes;
    copy.isMarshalled = isMarshalled;
    copy.tgid = tgid;
    copy.address = address;
    copy.length = length;
    copy.sectors = sectors;
    copy.flushSectors = flushSectors;
    copy.sectorShift = sectorShift;
    System.arraycopy(argument, 0, copy.argument, 0, argument.length);
    copy.text = text;
    copy.otherText = otherText;
    copy.carriesFlush = carriesFlush;
    copy.flushTgid = flushTgid;
    copy.flushAddress = flushAddress;
    copy.flushContent = flushContent;
    copy.content = content;
    copy.bufferContent = bufferContent;
    copy.checksum = checksum;
    copy.replyChecksum = replyChecksum;
    copy.areas = areas;
    copy.regions = regions;
    copy.pages = pages;
    copy.status = status;
    copy.result = result;
    copy.startPs = startPs;
    copy.networkQueuePs = networkQueuePs;
    copy.wirePs = wirePs;
    copy.memoryQueuePs = memoryQueuePs;
    copy.memoryServicePs = memoryServicePs;
    copy.storagePs = storagePs;
    return copy;
  }
}
