package org.legosim.hardware.fabric;

/** How nodes are cabled. */
public enum TopologyKind {
  PAIR,
  STAR,
  CLOS
}
