package org.legosim.timing.params;

/** Where the value of a model constant comes from. */
public enum Status {
  /** Measured on the modelled system, or fitted to such a measurement ({@code fittedTo} names it). */
  MEASURED,
  /** A vendor's data sheet or a standard. */
  DATASHEET,
  /** A publication. */
  PAPER,
  /** Computed from other sourced values. */
  DERIVED,
  /** No source was found; the report counts the time that rests on it. */
  ASSUMED,
  /** Not a physical constant: a choice of the user (a size, a policy, a level). */
  CHOICE
}
