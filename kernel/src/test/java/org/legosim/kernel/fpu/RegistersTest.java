package org.legosim.kernel.fpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.legosim.kernel.alloc.AllocDefects;
import org.legosim.kernel.alloc.AllocParams;
import org.legosim.kernel.alloc.KernelHeap;
import org.legosim.timing.InvariantViolation;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Status;

/** Save, restore, copy, clear and drop by hand. */
class RegistersTest {
  private static final int A = 0;
  private static final int B = 1;

  private final KernelHeap heap = new KernelHeap("P", AllocParams.DEFAULT, AllocDefects.NONE);
  private final KernelWarnings warnings = new KernelWarnings();

  private Registers registers(FpuDefects defects) {
    Constant nothing = new Constant("test.nothing", 0, Status.ASSUMED);
    FpuParams params = new FpuParams(FpuParams.Feature.XSAVES, 832, nothing, nothing);
    return new Registers(heap, params, defects, warnings, 2, true);
  }

  @Test
  void taskFindsWhatItLeft_afterOthersComputed() {
    Registers registers = registers(FpuDefects.NONE);
    registers.created(A, "a");
    registers.created(B, "b");
    registers.enter(0, A, 0);
    assertEquals(1, registers.live(0));
    registers.leave(0, A, 0);
    registers.enter(0, B, 0);
    assertEquals(2, registers.live(0));
    registers.leave(0, B, 0);
    registers.enter(1, A, 0); // restored 1, and computes on
    assertEquals(3, registers.live(1));
    assertEquals(0, registers.area(A) & 63);
    assertTrue(warnings.texts().isEmpty());
  }

  @Test
  void childBeginsWithItsParentsLiveRegisters_andExecClears() {
    Registers registers = registers(FpuDefects.NONE);
    registers.created(A, "a");
    registers.enter(0, A, 0);
    registers.forked(0, A, B, "b", 0);
    registers.exec(0, A);
    registers.enter(1, B, 0); // finds 1, though its parent computed since
    assertEquals(3, registers.live(1));
    registers.exited(B);
    assertFalse(registers.has(B));
    assertTrue(registers.has(A));
  }

  /** The diary's offsets: behind signal handlers a task_struct is at 0x838 of its page. */
  @Test
  void areaBehindSignalHandlers_isMisaligned_andTheCopyIsLost() {
    Registers registers = registers(new FpuDefects(true, false));
    registers.created(A, "a");
    registers.enter(0, A, 0);
    heap.kmalloc(2000, "fills the page of a's task_struct");
    heap.kmalloc(2088, "signal handlers");
    registers.forked(0, A, B, "b", 7);
    assertEquals(0xc38, registers.area(B) & 0xfff);
    InvariantViolation violation =
        assertThrows(InvariantViolation.class, () -> registers.enter(1, B, 9));
    assertTrue(
        violation
            .getMessage()
            .startsWith(
                "registers: b on CPU 1 at 9 ps finds cleared registers and not what a left"),
        violation.getMessage());
    assertTrue(violation.getMessage().contains("is 56 bytes off"), violation.getMessage());
    assertEquals(2, warnings.texts().size()); // once for each place
    assertTrue(warnings.texts().get(1).contains("xsaves64"), warnings.texts().toString());
  }

  /** Row 13's part: a handler has registers of its own, and sigreturn gives the old ones back. */
  @Test
  void signalFrame_keepsTheInterruptedRegisters() {
    Registers registers = registers(FpuDefects.NONE);
    registers.created(A, "a");
    registers.created(B, "b");
    registers.enter(0, A, 0);
    long frame = registers.signalFrame(0, A);
    assertEquals(1, frame);
    registers.leave(0, A, 0); // a switch within the handler
    registers.enter(0, B, 0);
    registers.leave(0, B, 0);
    registers.enter(0, A, 0);
    registers.signalReturn(0, A, frame);
    assertEquals(1, registers.live(0));
    registers.leave(0, A, 0);
    registers.enter(0, A, 0);
    assertEquals(0, Registers.frameAddress(0x7fffe3ffed28L, 832) & 63);
    assertEquals(0x7fffe3ffe9c0L, Registers.frameAddress(0x7fffe3ffed28L, 832));
  }

  @Test
  void useBeforePatching_warnsOnce() {
    registers(new FpuDefects(false, true));
    assertEquals(1, warnings.texts().size());
  }
}
