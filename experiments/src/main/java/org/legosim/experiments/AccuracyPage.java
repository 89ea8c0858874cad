package org.legosim.experiments;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.legosim.reports.Markdown;
import org.legosim.reports.Numbers;

/** The tables of {@code docs/accuracy.md}: errors by experiment, every row, every fitted constant. */
public final class AccuracyPage {
  /** How the page is brought up to date. */
  public static final String COMMAND =
      "mvn -q -pl experiments -am test -Dtest=ValidationTest -Dlegosim.regenerate=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  private static final int DIGITS = 4;

  private AccuracyPage() {}

  /** The tables of one report. */
  public static String tables(Validation.Report report) {
    StringBuilder page = new StringBuilder();
    summary(page, report);
    page.append(
        "\n## Every row\n\nA row that a constant was fitted on proves nothing by itself.\n\n");
    page.append(
        "| experiment | parameters | metric | measured | predicted | error % | within % | |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    report.judgements().stream().filter(j -> j.within() != null).forEach(j -> row(page, j));
    page.append("\n## Fitted constants\n\n| key | value | on | fitted to |\n|---|---|---|---|\n");
    for (Validation.Fitted constant : report.fitted()) {
      page.append("| `").append(constant.key()).append("` | ");
      page.append(Markdown.cell(constant.value())).append(" | ");
      page.append(Markdown.cell(constant.platform()));
      page.append(" | ")
          .append(Markdown.cell(constant.fittedTo().replace("|", ", ")))
          .append(" |\n");
    }
    page.append(
        "\n## Not predicted by this version\n\n| experiment | rows | why |\n|---|---|---|\n");
    unknown(report).forEach((key, count) -> {
      int tab = key.indexOf('\t');
      page.append("| ").append(Markdown.cell(key.substring(0, tab)));
      page.append(" | ").append(count).append(" | ");
      page.append(Markdown.cell(key.substring(tab + 1))).append(" |\n");
    });
    return page.toString();
  }

  private static void summary(StringBuilder page, Validation.Report report) {
    page.append("## By experiment\n\n");
    page.append(
        "| experiment | rows | of them predicted | mean error % | worst error % | of row |\n");
    page.append("|---|---|---|---|---|---|\n");
    Map<String, List<Judgement>> byExperiment = report.judgements().stream()
        .filter(j -> j.within() != null)
        .collect(Collectors.groupingBy(
            j -> j.row().experiment(), LinkedHashMap::new, Collectors.toList()));
    byExperiment.forEach((experiment, rows) -> {
      long predicted = rows.stream().filter(j -> !j.isFitted()).count();
      double mean = rows.stream().mapToDouble(AccuracyPage::absolute).average().orElse(0);
      Judgement worst = rows.get(0);
      for (Judgement row : rows) {
        worst = absolute(row) > absolute(worst) ? row : worst;
      }
      page.append(String.format(
          Locale.ROOT,
          "| `%s` | %d | %d | %s | %s | %s |%n",
          experiment,
          rows.size(),
          predicted,
          Numbers.fixed(mean, 1),
          Numbers.fixed(error(worst), 1),
          Markdown.cell(worst.row().parametersText())));
    });
  }

  private static void row(StringBuilder page, Judgement judgement) {
    MeasuredRow row = judgement.row();
    Double predicted = judgement.predicted();
    page.append("| `").append(row.experiment()).append("` | ");
    page.append(Markdown.cell(row.parametersText())).append(" | ");
    page.append(Markdown.cell(row.metric() + " [" + row.unit() + "]")).append(" | ");
    page.append(Numbers.significant(row.value(), DIGITS)).append(" | ");
    page.append(predicted == null ? "" : Numbers.significant(predicted, DIGITS)).append(" | ");
    page.append(Numbers.fixed(error(judgement), 1)).append(" | ");
    page.append(Numbers.significant(row.tolerancePercent(), 2)).append(" | ");
    page.append(judgement.isFitted() ? "fitted" : "predicted").append(" |\n");
  }

  private static Map<String, Long> unknown(Validation.Report report) {
    return report.judgements().stream()
        .filter(j -> j.within() == null)
        .collect(Collectors.groupingBy(
            j -> j.row().experiment() + "\t" + j.reason(),
            LinkedHashMap::new,
            Collectors.counting()));
  }

  private static double error(Judgement judgement) {
    Double error = judgement.errorPercent();
    return error == null ? 0 : error;
  }

  private static double absolute(Judgement judgement) {
    return Math.abs(error(judgement));
  }
}
