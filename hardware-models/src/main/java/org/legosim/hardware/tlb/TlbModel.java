package org.legosim.hardware.tlb;

/** Fidelity of address translation. */
public enum TlbModel {
  /** Translations are remembered at no cost and without limits that matter. */
  OFF,
  /** A first-level and a second-level TLB and a page walker. */
  HIERARCHY
}
