package org.legosim.reports.compare;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found.
 *
 * @param base name of the first
 * @param head name of the second
 * @param rows every row of the base, matched or not, in its order
 * @param extra rows that only the second has
 * @param warnings what makes the comparison doubtful
 * @param notes what is worth knowing and fails nothing
 */
public record Comparison(
    String base,
    String head,
    List<Row> rows,
    List<String> extra,
    List<String> warnings,
    List<String> notes) {

  /** Forms in which a comparison is printed. */
  public enum Format {
    TEXT,
    MARKDOWN,
    JSON,
    JUNIT
  }

  /**
   * A row of the base.
   *
   * @param name its keys in words
   * @param keys its keys as values
   * @param isMissing whether the second has no such row
   * @param differences in the order of the columns
   */
  public record Row(
      String name, Map<String, Object> keys, boolean isMissing, List<Difference> differences) {
    public boolean fails() {
      return isMissing || differences.stream().anyMatch(Difference::fails);
    }
  }

  /**
   * A value that is not the same.
   *
   * @param base {@code Long}, {@code Double}, {@code String} or absent
   * @param changePercent relative to the base; null when there is no such number
   * @param limit the threshold that was applied, or {@code equal}
   * @param fails whether the change is more than allowed
   */
  public record Difference(
      String metric,
      @Nullable Object base,
      @Nullable Object head,
      @Nullable Double changePercent,
      String limit,
      boolean fails) {}

  /** Whether every row was found with no change beyond what is allowed. */
  public boolean passed() {
    return rows.stream().noneMatch(Row::fails);
  }

  public String print(Format format) {
    return switch (format) {
      case TEXT -> TextReport.text(this);
      case MARKDOWN -> TextReport.markdown(this);
      case JSON -> JsonReport.print(this);
      case JUNIT -> JunitReport.print(this);
    };
  }
}
