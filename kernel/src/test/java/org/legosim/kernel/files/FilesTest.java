package org.legosim.kernel.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Descriptor tables, pipes, and what the kernel says of its CPUs. */
class FilesTest {
  private static final int PAGE = 4096;
  private static final long SEED = 7;

  @Test
  void aTable_isShared_copied_andClosedAtExec() {
    Descriptors first = Descriptors.initial();
    OpenFile file = OpenFile.of(FileKind.REMOTE, "data");
    first.put(3, file, false);
    first.put(4, file, true);
    Descriptors shared = first.share();
    assertSame(first, shared);
    Descriptors copy = first.copy();
    copy.close(3);
    assertNull(copy.at(3));
    assertTrue(copy.isGone(3));
    assertSame(file, first.at(3));
    List<OpenFile> closed = new ArrayList<>();
    Descriptors own = first.exec(closed);
    assertEquals(List.of(file), closed);
    assertNull(own.at(4), "closed at exec");
    assertSame(file, own.at(3));
    assertSame(file, first.at(4), "the other user of the table keeps what it has");
    assertEquals(5, first.open());
    assertEquals(4, own.open());
  }

  @Test
  void aTable_isFullAtSixtyFour_andFollowsWhatTheProgramHas() {
    Descriptors table = Descriptors.initial();
    for (int number = 3; number < 64; number++) {
      assertFalse(table.isFull());
      table.put(number, OpenFile.of(FileKind.REMOTE, "f"), false);
    }
    assertTrue(table.isFull());
    table.put(900, OpenFile.of(FileKind.REMOTE, "f"), false);
    assertNotNull(table.at(900));
    table.put(1L << 40, OpenFile.of(FileKind.REMOTE, "f"), false);
    assertNull(table.at(1L << 40));
    assertNull(table.at(-1));
  }

  /** The ring by hand: pages are filled up by small writes, and a writer goes on at four free ones. */
  @Test
  void aPipe_has256Pages_andWakesAtFour() {
    OpenFile[] ends = Pipe.create();
    Pipe pipe = ends[0].pipe();
    ends[0].acquire();
    ends[1].acquire();
    assertEquals(100, pipe.write(100));
    assertEquals(100, pipe.write(100));
    assertEquals(255, pipe.freePages(), "both in one page");
    assertEquals(PAGE, pipe.write(PAGE));
    assertEquals(254, pipe.freePages(), "a whole page of its own");
    assertEquals(254L * PAGE, pipe.write(300L * PAGE));
    assertEquals(0, pipe.write(1));
    pipe.sleep(5);
    pipe.sleep(6);
    pipe.read(200 + 2L * PAGE);
    assertEquals(3, pipe.freePages());
    assertFalse(pipe.wakesWriters());
    pipe.read(1);
    assertFalse(pipe.wakesWriters());
    pipe.read(PAGE - 1);
    assertTrue(pipe.wakesWriters());
    assertArrayEquals(new int[] {5, 6}, pipe.takeSleepers());
    assertFalse(pipe.wakesWriters());
  }

  @Test
  void theLastReaderThatGoes_wakesTheWriters() {
    OpenFile[] ends = Pipe.create();
    Descriptors table = new Descriptors();
    table.put(3, ends[0], false);
    table.put(4, ends[1], false);
    Descriptors child = table.copy();
    Pipe pipe = ends[1].pipe();
    assertEquals(256L * PAGE, pipe.write(257L * PAGE));
    pipe.sleep(1);
    table.close(3);
    assertTrue(pipe.hasReaders());
    assertFalse(pipe.wakesWriters());
    child.release();
    assertFalse(pipe.hasReaders());
    assertTrue(pipe.wakesWriters());
    assertTrue(pipe.hasWriters());
  }

  /** Whatever is written and read in whatever order, the ring holds the difference. */
  @Test
  void aPipe_losesNothing() {
    SplittableRandom random = new SplittableRandom(SEED);
    Pipe pipe = Pipe.create()[0].pipe();
    long inside = 0;
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(2) == 0) {
        inside += pipe.write(1 + random.nextInt(20_000));
      } else {
        long bytes = random.nextLong(Math.max(1, inside)) + (random.nextInt(4) == 0 ? 3_000 : 0);
        pipe.read(bytes);
        inside -= bytes;
      }
      long pages = 256L - pipe.freePages();
      long held = Math.max(0, inside);
      assertTrue(held <= pages * PAGE, "seed " + SEED + ", step " + i);
      assertTrue(held >= pages, "no page is empty: seed " + SEED + ", step " + i);
    }
  }

  @Test
  void localPaths() {
    assertEquals(FileKind.SEQUENCE, LocalFiles.open("/proc/meminfo").kind());
    assertEquals(FileKind.DEVICE, LocalFiles.open("/dev/null").kind());
    assertEquals(FileKind.REMOTE, LocalFiles.open("/data/proc/meminfo").kind());
    assertTrue(LocalFiles.exists("/proc/self/status"));
    assertFalse(LocalFiles.exists("/proc/self/maps"));
    assertTrue(LocalFiles.isLocal("/proc/self/maps"));
  }

  @Test
  void meminfo_hasLinesOfOneWidth() {
    String memory = MadeFiles.memory();
    assertTrue(memory.startsWith("MemTotal:              0 kB\nMemFree: "), memory);
    assertTrue(memory.contains("\nVmallocTotal:   34359738367 kB\n"), memory);
    assertEquals(37 * 28 + 3, memory.length());
    assertEquals(memory.length(), MadeFiles.bytes("/proc/meminfo", "0-3\n"));
    assertEquals(4, MadeFiles.bytes(LocalFiles.ONLINE, "0-3\n"));
    assertEquals(MadeFiles.UNKNOWN, MadeFiles.bytes("/proc/version", "0-3\n"));
    assertEquals(3, MadeFiles.readBytes(10, 7, 100));
    assertEquals(0, MadeFiles.readBytes(10, 12, 100));
  }
}
