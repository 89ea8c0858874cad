package org.legosim.kernel.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.timing.InvariantViolation;

/** Registers and kernel memory in whole machines: the diary's F-1, F-2 and F-12 on and off. */
class RegistersScriptTest {
  /** A parent and its children take turns on one CPU. */
  private static Script turns(int children) {
    Script script = new Script(16, 2).set("processor.cpus", "1").map(0, 8);
    for (int child = 2; child < 2 + children; child++) {
      script.fork(child);
    }
    for (int turn = 0; turn < 3; turn++) {
      for (int pid = 1; pid < 2 + children; pid++) {
        script.by(pid).read(0).write(1);
      }
    }
    return script;
  }

  private static String violation(Script script) {
    return assertThrows(InvariantViolation.class, script::run).getMessage();
  }

  @Test
  void theCorrectedKernel_keepsEveryTasksRegisters() {
    assertTrue(!turns(3).run().isEmpty());
  }

  /** Row 1: both general protections, the area and both tasks are named. */
  @Test
  void f1_losesRegistersSilently_andTheReportNamesBothTasks() {
    String text = violation(turns(3).fault("F-1"));
    assertTrue(text.startsWith("registers: thread "), text);
    assertTrue(text.contains("general protection at xsaveopt64 in fpu__copy"), text);
    assertTrue(text.contains("in __switch_to"), text);
    assertTrue(text.contains("left and not what thread ") || text.contains("cleared"), text);
    assertTrue(text.matches("(?s).*save area is 0xffff88[0-9a-f]{10}.*"), text);
  }

  /** A program of one thread never meets another one's registers. */
  @Test
  void f1_leavesSingleThreadedProgramsAlone() {
    Script plain = new Script(16, 2).map(0, 8).read(0).write(1).read(2);
    Script faulty =
        new Script(16, 2).map(0, 8).read(0).write(1).read(2).fault("F-1").checkedAtTheEnd();
    assertEquals(plain.run(), faulty.run());
  }

  /** Row 38: what the developers tried on 2018-02-14 changes nothing for F-1. */
  @Test
  void f1_staysWithEveryDebuggingMode() {
    String text = violation(turns(3)
        .fault("F-1")
        .set("kernel.alloc.kmalloc", "zeroed")
        .set("kernel.alloc.pages", "zeroed")
        .set("kernel.alloc.kfree", "nothing"));
    assertTrue(text.startsWith("registers: "), text);
  }

  /** Row 2. */
  @Test
  void f2_usingTheInstructionBeforePatching_warns() {
    String text = violation(new Script(16, 2).map(0, 8).read(0).fault("F-2"));
    assertTrue(
        text.contains("xsave64 in place of xsaveopt64") && text.contains("the kernel warned"),
        text);
  }
}
