package org.legosim.reports.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.legosim.timing.results.RunIdentity;

/**
 * One point of a sweep before it is simulated.
 *
 * @param id names it in every table and as a file: {@code [a-z0-9][a-z0-9._-]{0,63}}
 * @param keys value of each swept key in canonical units: {@code Long}, {@code Double} or {@code
 *     String}
 * @param identity that its result must carry
 */
public record PlannedPoint(String id, Map<String, Object> keys, RunIdentity identity) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public PlannedPoint {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not a point id: " + id + "; allowed: " + ID);
    }
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    for (Map.Entry<String, Object> key : keys.entrySet()) {
      Object value = key.getValue();
      boolean typed = value instanceof Long
          || value instanceof String
          || (value instanceof Double d && Double.isFinite(d));
      if (!typed) {
        throw new IllegalArgumentException(
            "point " + id + ": " + key.getKey() + " has the value " + value);
      }
    }
  }
}
