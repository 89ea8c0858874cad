package org.legosim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.legosim.reports.JsonReader;

class ValidateCommandTest {
  private static final String HEADER =
      "experiment,parameters,metric,unit,value,tolerance_pct,platform,source\n";
  private static final String UNKNOWN = "time-travel,years=1,latency,ns,1,5,legoos-testbed,none\n";

  @TempDir
  private Path folder;

  @Test
  void anExperimentThatNobodyKnowsHasNoPredictionAndAReason() throws IOException {
    Outcome outcome = validate(UNKNOWN, "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    Map<String, ?> row = onlyRow(outcome);
    assertTrue(row.containsKey("within"));
    assertEquals(null, row.get("within"));
    assertEquals("years=1", row.get("parameters"));
    assertFalse(String.valueOf(row.get("reason")).isEmpty());
  }

  @Test
  void strictDoesNotAcceptThat() throws IOException {
    assertEquals(1, validate(UNKNOWN, "--strict").exitCode());
  }

  @Test
  void aPredictionOutsideItsToleranceExitsWithOne() throws IOException {
    // No round trip through an adapter, a switch and back takes a thousandth of a nanosecond.
    Outcome outcome = validate(
        "rpc-latency,message_bytes=64,mean_latency,ns,0.001,5,legoos-testbed,none\n",
        "--format",
        "json");
    assertEquals(1, outcome.exitCode(), outcome.err());
    assertEquals(false, onlyRow(outcome).get("within"));
  }

  @Test
  void aMissingTableExitsWithThree() {
    Path absent = folder.resolve("absent.csv");
    Outcome outcome = Outcome.of("validate", "--data", absent.toString());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.err().contains("absent.csv"), outcome.err());
  }

  @Test
  void aMistypedExperimentIsAnsweredWithTheNearest() throws IOException {
    Outcome outcome = validate(UNKNOWN, "--experiment", "time-trvel");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("'time-travel'"), outcome.err());
  }

  private Outcome validate(String rows, String... more) throws IOException {
    Path data = Files.writeString(folder.resolve("points.csv"), HEADER + rows);
    String[] arguments = new String[more.length + 3];
    arguments[0] = "validate";
    arguments[1] = "--data";
    arguments[2] = data.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Outcome.of(arguments);
  }

  private static Map<String, ?> onlyRow(Outcome outcome) {
    Map<String, ?> document = JsonReader.parseObject("standard output", outcome.out());
    List<?> rows = (List<?>) document.get("rows");
    assertEquals(1, rows.size());
    return JsonReader.parseObject("row", org.legosim.reports.Json.text(rows.get(0)));
  }
}
