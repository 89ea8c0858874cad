package org.legosim.trace.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.trace.TestTraces;

class TextRoundTripTest {
  @TempDir
  Path folder;

  @Test
  void randomText_toNativeAndBack_isTheSameText() {
    Random random = new Random(TestTraces.seed("TextRoundTripTest"));
    for (int i = 0; i < 200; i++) {
      String text = TestTraces.randomText(random, 5 + random.nextInt(400));
      Path file = TestTraces.fromText(folder.resolve(i + ".ltrace"), text);
      assertEquals(text, TestTraces.toText(file));
    }
  }
}
