package org.legosim.trace.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LackeyImporterTest {
  /** Lines as valgrind 3.19 prints them, its traps included: see {@link LackeyCall}. */
  private static final String OUTPUT = Imported.lines(
      "==11988== Lackey, an example Valgrind tool",
      "==11988== ",
      "--11988--   SCHED[1]:  acquired lock (VG_(scheduler)[async])",
      "I  0401ab70,3",
      "I  0401ab73,5",
      " S 1fff0006f8,8",
      "I  0401b5d0,4",
      " M 04033e06,1",
      "I  0401b5d4,2",
      "SYSCALL[11988,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4035000) ",
      "SYSCALL[11988,1](257) sys_openat ( 4294967196, 0x4034bb0(/etc/x), 524288 ) --> [async] ... ",
      "SYSCALL[11988,1](257) ... [async] --> Success(0x4) ",
      "SYSCALL[11988,1](21) sys_access ( 0x402a2a0(/etc/ld.so.preload), 4 )[sync] --> Failure(0x2) ",
      "SYSCALL[11988,1](9) sys_mmap ( 0x0, 8392704, 0, 131106, 4294967295, 0 ) --> [pre-success]"
          + " Success(0x4b1f000) ",
      "SYSCALL[11988,1](435) unimplemented (by the kernel) syscall: 435! (ni_syscall)",
      "SYSCALL[11988,1](56) sys_clone ( 3d0f00, 0x531ef70, 0x531f990, 0x531f990, 0x531f6c0 ) -->"
          + " [pre-success] Success(0x2f50) --11988--   SCHED[1]: releasing lock (VG_(x)) -> VgTs_Yielding",
      "--11988--   SCHED[2]:  acquired lock (thread_wrapper)",
      "I  04030000,1",
      " L 04032e40,32",
      "",
      " - something valgrind remarks",
      "SYSCALL[11988,2](60) exit( 0 ) --> [pre-success] Success(0x0) ",
      "--11988--   SCHED[1]:  acquired lock (VG_(x))",
      "I  0401b5d6,2",
      " L 04032e40,8",
      "SYSCALL[11988,1](231) exit_group( 0 ) --> [pre-success] Success(0x0) ");

  @Test
  void outputWithAllItsTraps_becomesATrace() {
    assertEquals(
        Imported.lines(
            "legosim-text 1",
            "P 11988 0 \"in\"",
            "T 11988",
            "S 0x1fff0006f8 8 2 @0x401ab73",
            "L 0x4033e06 1 1 @0x401b5d0",
            "S 0x4033e06 1 0 @0x401b5d0",
            "> 1 12 0",
            "< 0x4035000",
            "> 0 257 0xffffff9c 0x4034bb0 0x80000 [\"/etc/x\"]",
            "< 4",
            "> 0 21 0x402a2a0 4 [\"/etc/ld.so.preload\"]",
            "< -2",
            "> 0 9 0 0x801000 0 0x20022 0xffffffff 0",
            "< 0x4b1f000",
            "> 0 435",
            "< -38",
            "> 0 56 0x3d0f00 0x531ef70 0x531f990 0x531f990 0x531f6c0",
            "< 12112",
            "T 12112",
            "L 0x4032e40 32 1 @0x4030000",
            "> 0 60 0",
            "! exit",
            "T 11988",
            "L 0x4032e40 8 1 @0x401b5d6",
            "> 0 231 0",
            "! exit"),
        Imported.text(new LackeyImporter(), OUTPUT));
  }

  @Test
  void accessLinesAlone_areEnough() {
    assertTrue(Imported.text(new LackeyImporter(), "I  00001000,1\n L 00002000,4\n")
        .endsWith("T 1\nL 0x2000 4 1 @0x1000\n"));
  }

  @Test
  void valgrindNumberUsedAgain_isAnotherThread() {
    String clone = "SYSCALL[9,1](56) sys_clone ( 3d0f00, 0x1, 0x2, 0x3, 0x4 ) --> [pre-success]"
        + " Success(0x%x) \n--9--   SCHED[2]:  acquired lock (x)\n L 00002000,4\n"
        + "SYSCALL[9,2](60) exit( 0 ) --> [pre-success] Success(0x0) \n"
        + "--9--   SCHED[1]:  acquired lock (x)\n";
    String text = Imported.text(
        new LackeyImporter(),
        "--9--   SCHED[1]:  acquired lock (x)\n" + clone.formatted(20) + clone.formatted(21));
    assertTrue(text.contains("T 20\n"), text);
    assertTrue(text.contains("T 21\n"), text);
  }

  @Test
  void foreignLine_isRefusedWithItsNumber() {
    String message = Imported.refusal(new LackeyImporter(), " L 00002000,4\nhello\n");
    assertEquals("in:2: is no line of lackey's; the line is: hello", message);
    assertTrue(
        Imported.refusal(new LackeyImporter(), " L 00002000\n").startsWith("in:1: expected ','"));
  }

  @Test
  void header_isRecognised() {
    byte[] head = OUTPUT.getBytes(StandardCharsets.US_ASCII);
    assertTrue(new LackeyImporter().recognises(head, 100));
  }
}
