package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.configs.Machines;

/** Row 37: one crash in strcmp had three possible causes; the reports of the three cannot be confused. */
class SymptomTest {
  private static String report(String scenario, int schedules) {
    String folder = Machines.projectRoot()
        .orElseThrow()
        .resolve("configs/scenarios/" + scenario)
        .toString();
    Outcome outcome = Outcome.of("explore", folder, "--schedules", "" + schedules);
    assertEquals(4, outcome.exitCode(), outcome.out());
    return outcome.out();
  }

  @Test
  void lostRegisters_lostMappings_andBssThatIsNotCleared_readDifferently() {
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("registers: thread", report("F-1", 0));
    marks.put("0x7fffe57c8000", report("F-18", 1000));
    marks.put("in its bss", report("F-11", 0));
    marks.forEach((mark, report) -> {
      assertTrue(report.contains(mark), report);
      marks.keySet().stream()
          .filter(other -> !other.equals(mark))
          .forEach(other -> assertFalse(report.contains(other), report));
    });
  }
}
