package org.legosim.timing.engine;

import org.legosim.timing.ModelException;
import org.legosim.timing.results.TimeCategory;

/**
 * Where one thread's time went. Each stamp gives everything since the previous one to a category, so
 * the categories add up to the thread's life by construction.
 */
@HotPath
public final class ThreadClock {
  private static final int CATEGORIES = TimeCategory.values().length;

  private final long[] ps = new long[CATEGORIES];
  private long startPs;
  private long stampPs;

  public void start(long nowPs) {
    startPs = nowPs;
    stampPs = nowPs;
  }

  /** Gives the time since the last stamp to {@code category}. */
  public void stamp(TimeCategory category, long nowPs) {
    if (nowPs < stampPs) {
      throw new ModelException("a thread's clock runs backwards: " + nowPs + " < " + stampPs);
    }
    ps[category.ordinal()] += nowPs - stampPs;
    stampPs = nowPs;
  }

  /**
   * Gives {@code partPs} of the time since the last stamp to {@code category}; the caller stamps the
   * rest. Never more than has passed by {@code nowPs}.
   *
   * @return what was given
   */
  public long part(TimeCategory category, long partPs, long nowPs) {
    long given = Math.min(partPs, nowPs - stampPs);
    ps[category.ordinal()] += given;
    stampPs += given;
    return given;
  }

  public long stampPs() {
    return stampPs;
  }

  public long startPs() {
    return startPs;
  }

  public long ps(TimeCategory category) {
    return ps[category.ordinal()];
  }

  /** Life up to the last stamp. */
  public long totalPs() {
    return stampPs - startPs;
  }

  /** Copies the categories' times; used around a sampled miss. */
  public void copyTo(long[] target) {
    System.arraycopy(ps, 0, target, 0, CATEGORIES);
  }

  /** Checks the sum; cheap enough for every run's end. */
  public void verify() {
    long sum = 0;
    for (long part : ps) {
      sum += part;
    }
    if (sum != totalPs()) {
      throw new ModelException("a thread's time does not add up: " + sum + " != " + totalPs());
    }
  }
}
