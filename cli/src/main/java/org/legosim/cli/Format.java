package org.legosim.cli;

import java.util.Locale;

/** For whom a command prints its product: a person or a program. */
enum Format {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
