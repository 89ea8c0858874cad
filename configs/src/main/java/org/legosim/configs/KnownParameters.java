package org.legosim.configs;

import java.util.List;

/**
 * The records that the models declare their parameters in: an explicit list, so that a key exists
 * because someone wired it, not because a class happens to be on the class path.
 */
public final class KnownParameters {
  private static final List<Class<? extends Record>> RECORDS = List.of();

  private KnownParameters() {}

  /** A catalogue of all of them. */
  public static ParameterCatalog catalog() {
    return ParameterCatalog.of(RECORDS);
  }
}
