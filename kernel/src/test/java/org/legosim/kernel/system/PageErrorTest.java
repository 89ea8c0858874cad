package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Row 22, F-14: a bit of a page changes on its way to the processor node. */
class PageErrorTest {
  /** Twenty pages that are written, evicted and read again. */
  private static Script program(String sums) {
    Script script = new Script(2, 4).set("fit.pageChecksum", sums).set("pcache.zeroFill", "true");
    script.map(0, 20);
    for (int round = 0; round < 2; round++) {
      for (int page = 0; page < 20; page++) {
        script.write(page);
      }
    }
    return script;
  }

  @Test
  void f14_withoutChecksums_isSilent_unlessTheContentIsChecked() {
    Script silent = program("off").fault("F-14").checkedAtTheEnd();
    silent.run();
    assertTrue(silent.approximations().stream().noneMatch(text -> text.contains("WARNING")));
    Script judged = program("off").fault("F-14");
    String report = assertThrows(InvariantViolation.class, judged::run).getMessage();
    assertTrue(report.startsWith("content: a store to 0x"), report);
    assertTrue(report.contains("finds data that nobody stored"), report);
  }

  @Test
  void f14_withChecksums_isWarnedOf_andEndsTheRunWhereEverythingIsChecked() {
    Script warned = program("on").fault("F-14").checkedAtTheEnd();
    warned.run();
    assertTrue(
        warned.approximations().stream()
            .anyMatch(text -> text.startsWith("WARNING at page checksum of P0")),
        warned.approximations().toString());
    Script judged = program("on").fault("F-14");
    String report = assertThrows(InvariantViolation.class, judged::run).getMessage();
    assertTrue(report.startsWith("page checksum: the page of 0x"), report);
    assertTrue(report.contains("reply from node 1"), report);
  }

  @Test
  void withoutTheFault_checksumsCostTimeAndChangeNothingElse() {
    Script plain = program("off");
    Script summed = program("on");
    assertEquals(plain.run(), summed.run());
    assertEquals(plain.valuesRead(), summed.valuesRead());
    assertTrue(plain.metric("simulated_time_ns") + 20_000 < summed.metric("simulated_time_ns"));
  }
}
