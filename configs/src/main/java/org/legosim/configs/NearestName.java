package org.legosim.configs;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
final class NearestName {
  /** Longer than any key: no suggestion is looked for, since the search is quadratic. */
  private static final int MAX_LENGTH = 100;

  private NearestName() {}

  /**
   * The candidate at the smallest edit distance, ties by order of the candidates. For dotted keys
   * the last word alone also counts, so {@code ways} leads to {@code pcache.ways}, at the price of
   * one edit.
   */
  static Optional<String> among(String name, Collection<String> candidates) {
    if (name.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      String known = candidate.toLowerCase(Locale.ROOT);
      int distance =
          Math.min(distance(wanted, known), 1 + distance(lastWord(wanted), lastWord(known)));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** A sentence for the end of a message; empty when there is nothing to suggest. */
  static String suggestion(String name, Collection<String> candidates) {
    return among(name, candidates).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  private static String lastWord(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Edit distance with swaps of neighbours (optimal string alignment). */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int cost = Math.min(last[j - 1] + change, 1 + Math.min(last[j], row[j - 1]));
        boolean isSwap = i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1);
        row[j] = isSwap ? Math.min(cost, beforeLast[j - 2] + 1) : cost;
      }
      int[] recycled = beforeLast;
      beforeLast = last;
      last = row;
      row = recycled;
    }
    return last[b.length()];
  }
}
