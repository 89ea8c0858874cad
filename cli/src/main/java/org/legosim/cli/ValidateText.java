package org.legosim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.legosim.experiments.Judgement;
import org.legosim.experiments.MeasuredRow;
import org.legosim.experiments.Validation;
import org.legosim.reports.Json;
import org.legosim.reports.Numbers;
import org.legosim.reports.TextTable;

/** A validation on a terminal, and as a JSON document. */
final class ValidateText {
  private static final int DIGITS = 4;

  private ValidateText() {}

  static String json(Validation.Report report) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Judgement judgement : report.judgements()) {
      MeasuredRow row = judgement.row();
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("experiment", row.experiment());
      json.put("parameters", row.parametersText());
      json.put("metric", row.metric());
      json.put("unit", row.unit());
      json.put("platform", row.platform());
      json.put("measured", row.value());
      json.put("predicted", judgement.predicted());
      json.put("error_pct", judgement.errorPercent());
      json.put("tolerance_pct", row.tolerancePercent());
      json.put("within", judgement.within());
      json.put("reason", judgement.reason());
      json.put("fitted", judgement.isFitted());
      rows.add(json);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("rows", rows);
    document.put("fitted_constants", List.copyOf(report.fittedConstants()));
    return Json.text(document);
  }

  static String text(Validation.Report report) {
    StringBuilder text = new StringBuilder();
    List<Judgement> predicted = known(report, false);
    List<Judgement> fitted = known(report, true);
    part(text, "predicted: no constant was fitted on these rows", predicted);
    part(
        text,
        "fitted: a constant was fitted on the row, so it proves nothing (constants fitted: "
            + report.fittedConstants().size() + ")",
        fitted);
    unknown(text, report);
    text.append(within(predicted)).append(" predicted rows and ").append(within(fitted));
    text.append(" fitted rows are within their tolerance\n");
    return text.toString();
  }

  private static List<Judgement> known(Validation.Report report, boolean isFitted) {
    return report.judgements().stream()
        .filter(j -> j.within() != null && j.isFitted() == isFitted)
        .toList();
  }

  private static void part(StringBuilder text, String title, List<Judgement> judgements) {
    if (judgements.isEmpty()) {
      return;
    }
    TextTable table = new TextTable(
        "experiment", "parameters", "metric", "measured", "predicted", "error %", "within %", "");
    for (Judgement judgement : judgements) {
      MeasuredRow row = judgement.row();
      table.row(
          row.experiment(),
          row.parametersText(),
          row.metric() + " [" + row.unit() + "]",
          Numbers.significant(row.value(), DIGITS),
          number(judgement.predicted(), DIGITS),
          number(judgement.errorPercent(), 2),
          Numbers.significant(row.tolerancePercent(), 2),
          Boolean.TRUE.equals(judgement.within()) ? "" : "OUTSIDE");
    }
    text.append(title).append('\n').append(table).append('\n');
  }

  /** Rows without a prediction, counted by experiment and reason. */
  private static void unknown(StringBuilder text, Validation.Report report) {
    Map<String, Long> counts = report.judgements().stream()
        .filter(j -> j.within() == null)
        .collect(Collectors.groupingBy(
            j -> j.row().experiment() + "\t" + j.reason(),
            LinkedHashMap::new,
            Collectors.counting()));
    if (counts.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("without a prediction", "rows", "why");
    counts.forEach((key, count) -> {
      int tab = key.indexOf('\t');
      table.row(key.substring(0, tab), count.toString(), key.substring(tab + 1));
    });
    text.append(table).append('\n');
  }

  private static String within(List<Judgement> judgements) {
    long count =
        judgements.stream().filter(j -> Boolean.TRUE.equals(j.within())).count();
    return count + " of " + judgements.size();
  }

  private static String number(@Nullable Double value, int digits) {
    return value == null ? "" : Numbers.significant(value, digits);
  }
}
