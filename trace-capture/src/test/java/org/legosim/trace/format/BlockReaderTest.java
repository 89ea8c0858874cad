package org.legosim.trace.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.trace.AccessKind;
import org.legosim.trace.TestTraces;

class BlockReaderTest {
  private static final int BUFFER_BYTES = 4096;

  @TempDir
  Path folder;

  /** The decoder reads a word at a time: a payload that fills the buffer must not end at its end. */
  @Test
  void payloadsAroundTheBufferLength_areFollowedByTheBytesThatTheDecoderReads() throws IOException {
    int close = 0;
    for (int accesses = 990; accesses < 1050; accesses++) {
      int count = accesses;
      Path file = TestTraces.capture(folder.resolve(accesses + ".ltrace"), writer -> {
        writer.process(new ProcessBlock(1, 1, 0, "p", List.of()));
        Random random = new Random(1);
        ThreadWriter thread = writer.thread(1, 1);
        for (int i = 0; i < count; i++) {
          thread.access(AccessKind.LOAD, 8, random.nextInt(1 << 20), 1, 0x401000);
        }
        thread.exit();
      });
      try (FileChannel channel = FileChannel.open(file);
          BlockReader reader = new BlockReader(channel, "x")) {
        long at = Ltrace.FILE_HEADER_BYTES;
        while (at < channel.size()) {
          at = reader.read(at);
          int rawBytes = reader.header().rawBytes;
          assertTrue(reader.raw().length >= rawBytes + BlockDecoder.READS_BEYOND_BYTES);
          close += Math.abs(rawBytes - BUFFER_BYTES) <= BlockDecoder.READS_BEYOND_BYTES ? 1 : 0;
        }
      }
      assertEquals(
          count, TestTraces.toText(file).lines().filter(l -> l.startsWith("L ")).count());
    }
    assertTrue(close > 0, "no payload came near " + BUFFER_BYTES + " bytes");
  }
}
