package org.legosim.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The known name that a mistyped one most likely meant. */
final class Nearest {
  private Nearest() {}

  /** Empty when nothing is near: more than a third of the letters, and more than two, would change. */
  static Optional<String> to(String mistyped, List<String> known) {
    return known.stream()
        .filter(name -> distance(mistyped, name) <= Math.max(2, mistyped.length() / 3))
        .min(Comparator.comparingInt((String name) -> distance(mistyped, name))
            .thenComparing(Comparator.naturalOrder()));
  }

  /** Letters to insert, remove, replace or swap with their neighbour. */
  static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[left.length()][right.length()];
  }
}
