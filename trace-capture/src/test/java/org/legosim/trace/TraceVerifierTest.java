package org.legosim.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.timing.TraceException;
import org.legosim.trace.pack.TraceIndex;

class TraceVerifierTest {
  @TempDir
  Path folder;

  private Path packed() {
    Path capture =
        TestTraces.fromText(folder.resolve("c.ltrace"), TestTraces.randomText(new Random(4), 3000));
    Path packed = folder.resolve("p.ltrace");
    new TracePacker(TracePacker.Options.DEFAULT).pack(capture, packed);
    return packed;
  }

  @Test
  void capturesAndPackedTraces_areWholeAndOfOneDigest() {
    Path packed = packed();
    TraceVerifier.Result result = TraceVerifier.verify(packed);
    assertTrue(result.isPacked());
    TraceVerifier.Result capture = TraceVerifier.verify(folder.resolve("c.ltrace"));
    assertFalse(capture.isPacked());
    assertEquals(capture.index().digest(), result.index().digest());
  }

  @Test
  void everyFlippedByte_isFound() throws IOException {
    Path packed = packed();
    byte[] good = Files.readAllBytes(packed);
    Random random = new Random(TestTraces.seed("TraceVerifierTest"));
    for (int i = 0; i < 150; i++) {
      byte[] bad = good.clone();
      int at = random.nextInt(bad.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(packed, bad);
      assertThrows(TraceException.class, () -> TraceVerifier.verify(packed), "byte " + at);
    }
  }

  @Test
  void aCutTrace_isFound() throws IOException {
    Path packed = packed();
    byte[] good = Files.readAllBytes(packed);
    for (int cut : new int[] {0, 5, 63, 64, 100, good.length / 2, good.length - 1}) {
      Files.write(packed, Arrays.copyOf(good, cut));
      assertThrows(TraceException.class, () -> TraceVerifier.verify(packed), "cut at " + cut);
    }
  }

  @Test
  void anIndexOfAnotherTrace_isToldApartByItsDigest() {
    TraceIndex one = TraceVerifier.verify(packed()).index();
    Path other =
        TestTraces.fromText(folder.resolve("o.ltrace"), TestTraces.randomText(new Random(5), 300));
    TraceIndex two = TraceVerifier.verify(other).index();
    assertTrue(one.differenceFrom(two).orElseThrow().contains("digest"));
    assertTrue(one.differenceFrom(one).isEmpty());
  }
}
