package org.legosim.hardware.cache;

/** Fidelity of the CPU caches. */
public enum CachesModel {
  /** Page-level simulation: an access to a resident page costs what the core charges for it. */
  OFF,
  /** L1D and L2 private to a CPU, one LLC per socket. */
  HIERARCHY
}
