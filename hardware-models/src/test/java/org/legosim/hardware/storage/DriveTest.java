package org.legosim.hardware.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.hardware.Defaults;
import org.legosim.timing.ModelException;
import org.legosim.timing.engine.Ledger;

/** Commands of a drive, by hand. */
class DriveTest {
  private static final long US = 1_000_000;
  private static final long GIB = 1L << 30;
  /** 4 KiB at 26.4 Gbit/s and at 3.2 Gbit/s. */
  private static final long ON_LINK_PS = 4096L * 8 * 1_000_000_000L / 26_400_000L;

  private static final long ON_CHANNEL_PS = 4096L * 8 * 1_000_000_000L / 3_200_000L;

  private static Drive drive(String... settings) {
    String[] all = new String[settings.length + 8];
    String[] own = {
      "storage.drive.command=5 us",
      "storage.drive.data=7 us",
      "storage.drive.locate=3 us",
      "storage.drive.flashRead=60 us",
      "storage.drive.readInterval=1 us",
      "storage.drive.writeInterval=8 us",
      "storage.drive.lookAhead=64 KiB",
      "storage.drive.dies=4"
    };
    System.arraycopy(own, 0, all, 0, own.length);
    System.arraycopy(settings, 0, all, own.length, settings.length);
    return new Drive(Defaults.of(DriveParams.class, all), new Ledger());
  }

  @Test
  void aRandomRead_isControllerFlashChannelAndSlot() {
    Drive drive = drive();
    long readyPs = drive.read(0, 8 * GIB, 4096);
    assertEquals(15 * US + 60 * US + ON_CHANNEL_PS + ON_LINK_PS, readyPs);
    assertEquals(1, drive.counts().flashReads());
  }

  @Test
  void aReadThatFollows_findsItsDataInTheBuffer_onceTheDriveHasReadAhead() {
    Drive drive = drive();
    long nowPs = 0;
    for (int i = 0; i < 8; i++) {
      nowPs = drive.read(nowPs, GIB + i * 4096L, 4096);
    }
    // 64 KiB ahead: the first page of flash and the four behind it, then one more
    assertEquals(1 + 5 + 1, drive.counts().flashReads());
    long laterPs = nowPs + 1000 * US;
    assertEquals(laterPs + 12 * US + ON_LINK_PS, drive.read(laterPs, GIB + 8 * 4096L, 4096));
  }

  @Test
  void pagesOfOneDie_areReadOneAfterTheOther_othersAtOnce() {
    Drive drive = drive();
    long page = 16384;
    long first = drive.read(0, 40 * page, 4096);
    long other = drive.read(0, 81 * page, 4096);
    long same = drive.read(0, 120 * page, 4096);
    assertTrue(other < first + 10 * US, other + " after " + first);
    assertTrue(same > first + 60 * US, same + " after " + first);
  }

  @Test
  void aWrite_isDoneInTheBuffer_untilThatIsFull() {
    Drive drive = drive("storage.drive.writeBuffer=16 KiB");
    long donePs = drive.write(0, 0, 4096);
    assertEquals(15 * US + ON_LINK_PS, donePs);
    // four fit; the buffer gives one up every 8 us, and writes come every microsecond
    long lastPs = 0;
    for (int i = 1; i <= 20; i++) {
      lastPs = drive.write(i * US, i * GIB, 4096);
    }
    // 21 writes of 8 us each after the first was taken, four of which may still be in the buffer
    assertEquals(donePs + (20 - 4) * 8 * US, lastPs);
  }

  @Test
  void aFlush_isACommand_unlessAPowerCutWouldLoseTheBuffer() {
    assertEquals(5 * US, drive().flush(0));
    Drive volatileBuffer = drive("storage.drive.powerLossProtection=false");
    long donePs = volatileBuffer.write(0, 0, 4096);
    assertEquals(donePs + 8 * US, volatileBuffer.flush(donePs));
    assertEquals(1, volatileBuffer.counts().flushes());
  }

  @Test
  void beyondTheQueueDepth_aCommandWaitsForTheOldest() {
    Drive drive = drive("storage.drive.queueDepth=1");
    long firstPs = drive.read(0, 0, 4096);
    assertEquals(2 * firstPs, drive.read(0, GIB + 16384, 4096));
  }

  @Test
  void nonsense_isRefused() {
    assertThrows(ModelException.class, () -> drive().read(0, -1, 4096));
    assertThrows(ModelException.class, () -> drive().write(0, 0, 0));
  }
}
