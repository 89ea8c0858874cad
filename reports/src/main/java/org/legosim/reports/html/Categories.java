package org.legosim.reports.html;

import java.util.List;
import java.util.Locale;
import org.legosim.reports.Markup;
import org.legosim.timing.results.TimeCategory;

/** Names and legend of the time categories. */
final class Categories {
  private Categories() {}

  /** In words: {@code local DRAM}, {@code lock wait}. */
  static String name(TimeCategory category) {
    return category
        .name()
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ')
        .replace("dram", "DRAM")
        .replace("ipi", "IPI")
        .replace("llc", "LLC")
        .replace("l1", "L1")
        .replace("l2", "L2");
  }

  /** Says in a caption that the legend does not list all. */
  static String omitted(List<TimeCategory> legend) {
    int omitted = TimeCategory.values().length - legend.size();
    return omitted == 0 ? "" : omitted + " categories too small to see are not in the legend.";
  }

  /** A swatch, the name and, on hover, the definition of each. */
  static void legend(Markup out, List<TimeCategory> categories) {
    out.start("ul", "class", "legend");
    for (TimeCategory category : categories) {
      out.start("li", "title", category.definition());
      Svg svg = new Svg(out).open(12, 12, "");
      svg.rect(0, 0, 12, 12, Palette.of(category), "").close();
      out.text(" " + name(category)).end();
    }
    out.end().newLine();
  }
}
