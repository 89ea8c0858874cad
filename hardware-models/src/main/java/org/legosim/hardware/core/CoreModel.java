package org.legosim.hardware.core;

/** Fidelity of a core. */
public enum CoreModel {
  /** Cycles per instruction and per access, whatever level serves the access. */
  FIXED,
  /** Loads stall for what the pipeline does not hide; stores go through a store buffer. */
  IN_ORDER
}
