package org.legosim.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.legosim.timing.TraceException;

class CsvTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\0=1",
        "=cmd|' /C calc'!A0",
        "'=1",
        "=\"a\",b",
        "\n=1",
        "\uff1d1+1"
      })
  void formulas_areTextInEveryPosition_andReadBackAsWritten(String payload) {
    for (int position = 0; position < 3; position++) {
      String[] cells = {"a", "b,\"c", "d"};
      cells[position] = payload;
      StringBuilder out = new StringBuilder();
      new CsvWriter(out).row(List.of(cells));
      for (String cell : out.toString().split(",(?=\")|,(?=[a-d])")) {
        String start = cell.startsWith("\"") ? cell.substring(1) : cell;
        assertFalse("=+-@\t\r\0\uff1d".indexOf(start.charAt(0)) >= 0, out.toString());
      }
      assertEquals(List.of(List.of(cells)), CsvReader.parse("t", out.toString()));
    }
  }

  @Test
  void numbersStayNumbers() {
    StringBuilder out = new StringBuilder();
    new CsvWriter(out).number(-3).number(-1.5).empty().text("x").endRow();
    assertEquals("-3,-1.5,,x\n", out.toString());
  }

  @Test
  void quotedLineFeeds_andCarriageReturnsAtLineEnds_areRead() {
    assertEquals(
        List.of(List.of("a\nb", "c"), List.of("", "")),
        CsvReader.parse("t", "\"a\nb\",c\r\n,\r\n"));
  }

  @Test
  void unfinishedQuote_isRefusedWithItsLine() {
    TraceException e =
        assertThrows(TraceException.class, () -> CsvReader.parse("f.csv", "a,b\n\"c"));
    assertEquals("f.csv:2: a quoted cell does not end", e.getMessage());
    assertThrows(TraceException.class, () -> CsvReader.parse("f.csv", "\"c\"d\n"));
  }
}
