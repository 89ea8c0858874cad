package org.legosim.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.legosim.timing.params.Unit;
import org.legosim.timing.results.MetricCatalog;

class TextTest {
  @Test
  void table_alignsNumbersRight_andShowsControlCharacters() {
    TextTable table = new TextTable("name", "hits", "time");
    table.row("a\u001b[2J", "12", "4.1 us").row("bcd", "1,234", "-");
    String expected = """
        name       hits    time
        --------  -----  ------
        a\\x1b[2J     12  4.1 us
        bcd       1,234       -
        """;
    assertEquals(expected, table.toString());
  }

  @Test
  void printable_neutralisesEscapesBellsAndDirectionMarks() {
    assertEquals(
        "\\x1b]0;x\\x07\\x0d\\u{202e}\\u{2028}\\x9b",
        Printable.of("\u001b]0;x\u0007\r\u202e\u2028\u009b"));
    assertEquals("\u00e9\ud83d\ude00", Printable.of("\u00e9\ud83d\ude00"));
    assertEquals("a\\u{d83d}", Printable.of("a\ud83d"));
  }

  @ParameterizedTest
  @CsvSource({
    "536870912, BYTES, 512 MiB",
    "1000, BYTES, 1000 B",
    "4312, NS, 4.312 us",
    "999, PS, 999 ps",
    "1234567, COUNT, '1,234,567'",
    "2400000000, HERTZ, 2.4 GHz",
    "0.98765, RATIO, 0.9877",
    "0, NS, 0 ns",
    "12345678, PER_SECOND, 12.35 M/s",
    "-2500, PS, -2.5 ns",
    "12, PERCENT, 12 %"
  })
  void quantities_haveAUnitThatSuitsThem(double value, Unit unit, String text) {
    assertEquals(text, Quantity.text(value, unit));
  }

  @Test
  void markdown_cellStaysOneCellOfPlainText() {
    String cell = Markdown.cell("a|b\n<img src=x onerror=y>`c` [d](e) @f pcache_hits p99");
    assertFalse(cell.contains("\n") || cell.contains("<") || cell.contains("@"), cell);
    assertTrue(
        cell.contains("a\\|b") && cell.contains("\\`c\\`") && cell.contains("\\[d\\]"), cell);
    assertTrue(cell.contains("pcache_hits p99"), cell);
  }

  @Test
  void dictionary_listsEveryFixedMetric_inEachForm() {
    Dictionary dictionary = Dictionary.fixed();
    for (Dictionary.Format format : Dictionary.Format.values()) {
      String text = dictionary.print(format);
      MetricCatalog.all().forEach(m -> assertTrue(text.contains(m.name()), m.name()));
      assertTrue(text.contains("Pages") || text.contains("pcache"), text);
    }
    assertTrue(dictionary
        .print(Dictionary.Format.TEXT)
        .contains("    always: thread_time_ns = the sum of all time_*_ns\n"));
  }

  @Test
  void documentedDictionary_isTheGeneratedOne() throws IOException {
    String document =
        Files.readString(Path.of("..", "docs", "result-format.md"), StandardCharsets.UTF_8);
    String generated = Dictionary.fixed().print(Dictionary.Format.MARKDOWN);
    assertTrue(
        document.endsWith(generated),
        "replace the end of docs/result-format.md by the output of report --dictionary in Markdown");
  }
}
