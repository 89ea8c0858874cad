package org.legosim.trace.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class TextualImportersTest {
  @Test
  void din_withoutFetches_assumesOneInstructionPerAccess() {
    String text =
        Imported.text(new DinImporter(), "0 7fff0010 8\n1 1000\n3 0\n4 0\n0 0x1008 ignored\n");
    assertEquals(
        Imported.lines(
            "legosim-text 1 assumed-instructions",
            "P 1 0 \"in\"",
            "T 1",
            "L 0x7fff0010 8 1",
            "S 0x1000 4 1",
            "L 0x1008 4 1"),
        text);
  }

  @Test
  void din_withFetches_countsThem() {
    String text =
        Imported.text(new DinImporter(), "2 400000\n0 1000 8\n2 400004\n2 400008\n1 1008 8\n");
    assertTrue(text.contains("I 0x400000 4 1 @0x400000\nL 0x1000 8 0\n"), text);
    assertTrue(text.contains("I 0x400008 4 1 @0x400008\nS 0x1008 8 0\n"), text);
    assertTrue(text.startsWith("legosim-text 1\n"), text);
  }

  @Test
  void din_unknownLabel_namesTheLine() {
    String message = Imported.refusal(new DinImporter(), "0 1000\n7 2000\n");
    assertTrue(message.startsWith("in:2: label 7 is not one of"), message);
  }

  @Test
  void dramsim_dropsCycles_andRefusesTimeRunningBack() {
    String text = Imported.text(new DramsimImporter(), "0x1000 READ 5\n0x1fc0 WRITE 5\n");
    assertTrue(text.endsWith("T 1\nL 0x1000 64 1\nS 0x1fc0 64 1\n"), text);
    String message = Imported.refusal(new DramsimImporter(), "0x1000 READ 5\n0x1fc0 WRITE 4\n");
    assertTrue(message.startsWith("in:2: cycle 4 comes after cycle 5"), message);
  }

  @Test
  void ramulator_readsBothFormats_andRefusesDramAddresses() {
    assertTrue(Imported.text(new RamulatorImporter(), "LD 0x1000\nST 4160\n")
        .endsWith("L 0x1000 64 1\nS 0x1040 64 1\n"));
    // Three bubbles and the load itself are four instructions; the write-back is none.
    assertTrue(Imported.text(new RamulatorImporter(), "3 4096\n0 4160 8192\n")
        .endsWith("L 0x1000 64 4\nL 0x1040 64 1\nS 0x2000 64 0\n"));
    String message = Imported.refusal(new RamulatorImporter(), "R 0,0,1,7\n");
    assertTrue(message.startsWith("in:1: names a place in a DRAM"), message);
  }

  @Test
  void pinatrace_keepsSites() {
    String text = Imported.text(
        new PinatraceImporter(), "0x401000: R 0x7ffc0000\n0x401004: W 0x7ffc0008\n#eof\n");
    assertTrue(text.endsWith("L 0x7ffc0000 8 1 @0x401000\nS 0x7ffc0008 8 1 @0x401004\n"), text);
  }

  @Test
  void csv_takesColumnsByName() {
    String text = Imported.text(
        new CsvImporter(),
        Imported.lines(
            "time,pid,tid,op,address,size,instructions",
            "0,7,7,R,0x1000,8,3",
            "1,7,8,write,8192,4,1",
            "2,7,7,A,0x1008,8,2"));
    assertEquals(
        Imported.lines(
            "legosim-text 1",
            "P 7 0 \"in\"",
            "T 7",
            "L 0x1000 8 3",
            "T 8",
            "S 0x2000 4 1",
            "T 7",
            "A 0x1008 8 2"),
        text);
  }

  @Test
  void csv_blocksAndPages_areScaled() {
    assertTrue(Imported.text(new CsvImporter(), "version,lbn,size\n1,9,512\n")
        .contains("L 0x1200 64 1\nL 0x1240 64 0\n"));
    assertTrue(Imported.text(new CsvImporter(), "page\n3\n").endsWith("L 0x3000 8 1\n"));
  }

  @Test
  void csv_unknownColumn_isRefusedWithTheKnownOnes() {
    String message = Imported.refusal(new CsvImporter(), "adress\n1\n");
    assertTrue(
        message.startsWith("in:1: the column 'adress' is not one of address, bytes"), message);
    assertTrue(
        Imported.refusal(new CsvImporter(), "address\n12,\n").startsWith("in:2: unexpected text"));
    assertTrue(Imported.refusal(new CsvImporter(), "size\n1\n").contains("must be the place"));
  }

  @Test
  void inputWithoutAccesses_isRefused() {
    String message = Imported.refusal(new PinatraceImporter(), "#eof\n");
    assertEquals("in: holds no access; is it really of format pinatrace?", message);
  }

  @Test
  void xzInput_isRefusedWithTheCommandThatHelps() {
    String message = Imported.refusal(new DinImporter(), "\u00fd7zXZ\u0000");
    assertEquals(
        "in: byte 0: is compressed with xz, which is not supported; decompress it first: xz -d in",
        message);
  }

  @Test
  void accessAtTheEndOfTheAddressSpace_isRefused() {
    String message = Imported.refusal(new DinImporter(), "0 ffffffffffffffff 8\n");
    assertTrue(message.startsWith("in:1: address 0xffffffffffffffff"), message);
  }
}
