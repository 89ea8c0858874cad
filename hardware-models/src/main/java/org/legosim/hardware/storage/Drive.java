package org.legosim.hardware.storage;

import java.util.Arrays;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Cost;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.Server;

/**
 * A solid-state drive: commands go through a controller; reads wait for flash dies and their channels
 * unless the drive has read ahead of them; writes are done when they are in a buffer, which is
 * emptied to flash at its own pace; data crosses the slot. A submission returns when its completion
 * can be seen by the host. Calls come in the order of time.
 *
 * <p>Data has addresses, no content. A page of flash lies on the die of its number.
 *
 * <p>Left out: garbage collection, wear, programs and erasures that hold up reads, errors.
 */
public final class Drive {
  private static final long PS_PER_SECOND = 1_000_000_000_000L;
  private static final int BITS = 8;
  private static final long BLOCK_BYTES = 4096;
  private static final long NOTHING = -1;

  private final long flashPageBytes;
  private final long lookAheadBytes;
  private final long writeBufferBytes;
  private final boolean isProtected;
  private final Cost command;
  private final Cost data;
  private final Cost locate;
  private final Cost flashRead;
  private final long channelBitsPerSecond;
  private final long linkBitsPerSecond;
  private final long writeBitsPerSecond;
  private final long readIntervalPs;
  private final long writeIntervalPs;

  private final Server controller = new Server("drive's controller");
  private final Server link = new Server("drive's slot");
  private final Streams readStreams = new Streams();
  private final Streams writeStreams = new Streams();
  private final long[] dieFreePs;
  private final long[] channelFreePs;
  private final DriveCounts counts = new DriveCounts();

  /** Completions of the commands last submitted, as many as may be in flight. */
  private final long[] completionPs;

  private int oldest;

  /** Pages of the read buffer: slot is number modulo slots. */
  private final long[] bufferedPage;

  private final long[] bufferedPs;

  /** When everything in the write buffer will be in flash. */
  private long drainedPs;

  public Drive(DriveParams params, Ledger ledger) {
    flashPageBytes = params.flashPageBytes();
    lookAheadBytes = params.lookAheadBytes();
    writeBufferBytes = params.writeBufferBytes();
    isProtected = params.isProtected();
    command = ledger.cost(params.command());
    data = ledger.cost(params.data());
    locate = ledger.cost(params.locate());
    flashRead = ledger.cost(params.flashRead());
    channelBitsPerSecond = params.channelBitsPerSecond().value();
    linkBitsPerSecond = params.linkBitsPerSecond().value();
    writeBitsPerSecond = params.writeBitsPerSecond().value();
    readIntervalPs = params.readInterval().value();
    writeIntervalPs = params.writeInterval().value();
    dieFreePs = new long[params.dies()];
    channelFreePs = new long[params.channels()];
    completionPs = new long[params.queueDepth()];
    int pages = Math.toIntExact(Math.max(1, params.readBufferBytes() / flashPageBytes));
    bufferedPage = new long[pages];
    bufferedPs = new long[pages];
    Arrays.fill(bufferedPage, NOTHING);
  }

  public DriveCounts counts() {
    return counts;
  }

  /** Time for which the controller was taken. */
  public long controllerBusyPs() {
    return controller.busyPs();
  }

  private static long ps(long bytes, long bitsPerSecond) {
    return bytes * BITS * (PS_PER_SECOND / 1000) / (bitsPerSecond / 1000);
  }

  private static void require(long address, long bytes) {
    if (address < 0 || bytes <= 0) {
      throw new ModelException("a drive was asked for " + bytes + " bytes at " + address);
    }
  }

  /** When a command that is submitted now gets an entry of a queue. */
  private long admittedPs(long nowPs) {
    return Math.max(nowPs, completionPs[oldest]);
  }

  private long complete(long atPs) {
    completionPs[oldest] = atPs;
    oldest = oldest + 1 == completionPs.length ? 0 : oldest + 1;
    return atPs;
  }

  /** A read; when its data is in the host's memory. */
  public long read(long nowPs, long address, long bytes) {
    require(address, bytes);
    counts.reads++;
    counts.readBytes += bytes;
    long startPs = controller.submit(admittedPs(nowPs), readIntervalPs);
    boolean follows = readStreams.follows(address, bytes);
    long knownPs = startPs + command.charge() + data.charge() + (follows ? 0 : locate.charge());
    long readyPs = knownPs;
    long end = address + bytes;
    for (long at = address; at < end; ) {
      long page = at / flashPageBytes;
      long next = Math.min(end, (page + 1) * flashPageBytes);
      readyPs = Math.max(readyPs, pageReadyPs(page, next - at, knownPs, follows));
      at = next;
    }
    if (readyPs > knownPs) {
      flashRead.chargePs(Math.min(flashRead.ps(), readyPs - knownPs));
    }
    if (follows) {
      readAhead(end, knownPs);
    }
    return complete(readyPs + linkPs(startPs, bytes));
  }

  /** The slot's time, and the wait for it as it is when the command starts. */
  private long linkPs(long startPs, long bytes) {
    long movePs = ps(bytes, linkBitsPerSecond);
    return link.submit(startPs, movePs) - startPs + movePs;
  }

  private long pageReadyPs(long page, long bytes, long fromPs, boolean keeps) {
    int slot = (int) (page % bufferedPage.length);
    if (bufferedPage[slot] == page) {
      counts.pagesFromBuffer++;
      return bufferedPs[slot];
    }
    long readyPs = flashReadyPs(page, keeps ? flashPageBytes : bytes, fromPs);
    if (keeps) {
      bufferedPage[slot] = page;
      bufferedPs[slot] = readyPs;
    }
    return readyPs;
  }

  /** A die reads the page, its channel carries what is wanted of it. */
  private long flashReadyPs(long page, long bytes, long fromPs) {
    counts.flashReads++;
    int die = (int) (page % dieFreePs.length);
    int channel = die % channelFreePs.length;
    long registerPs = Math.max(fromPs, dieFreePs[die]) + flashRead.ps();
    long readyPs = Math.max(registerPs, channelFreePs[channel]) + ps(bytes, channelBitsPerSecond);
    dieFreePs[die] = readyPs;
    channelFreePs[channel] = readyPs;
    return readyPs;
  }

  private void readAhead(long from, long fromPs) {
    long last = (from + lookAheadBytes - 1) / flashPageBytes;
    for (long page = from / flashPageBytes; lookAheadBytes > 0 && page <= last; page++) {
      int slot = (int) (page % bufferedPage.length);
      if (bufferedPage[slot] != page) {
        bufferedPage[slot] = page;
        bufferedPs[slot] = flashReadyPs(page, flashPageBytes, fromPs);
      }
    }
  }

  /** A write; when the drive has its data. */
  public long write(long nowPs, long address, long bytes) {
    require(address, bytes);
    counts.writes++;
    counts.writtenBytes += bytes;
    long startPs = controller.submit(admittedPs(nowPs), readIntervalPs);
    boolean follows = writeStreams.follows(address, bytes);
    long takenPs = startPs
        + command.charge()
        + data.charge()
        + (follows ? 0 : locate.charge())
        + linkPs(startPs, bytes);
    long drainPs = ps(bytes, writeBitsPerSecond);
    if (!follows) {
      long blocks = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      drainPs = Math.max(drainPs, blocks * writeIntervalPs);
    }
    // The buffer's room as time: as many commands like this one as it holds.
    long roomPs = drainPs * Math.max(1, writeBufferBytes / bytes);
    takenPs = Math.max(takenPs, drainedPs - roomPs);
    drainedPs = Math.max(drainedPs, takenPs) + drainPs;
    return complete(takenPs);
  }

  /** A flush; when all data that was written before is safe. */
  public long flush(long nowPs) {
    counts.flushes++;
    long startPs = controller.submit(admittedPs(nowPs), readIntervalPs);
    long donePs = startPs + command.charge();
    return complete(isProtected ? donePs : Math.max(donePs, drainedPs));
  }
}
