package org.legosim.cli;

/** For whom a command prints its product: a person or a program. */
enum Format {
  TEXT,
  JSON
}
