package org.legosim.hardware.dram;

/** Fidelity of DRAM. */
public enum DramModel {
  /** A latency and the channels' peak rate; accesses never queue. */
  FIXED,
  /** Banks with open rows, activation limits, data buses and refresh; served in order of arrival. */
  BANK
}
