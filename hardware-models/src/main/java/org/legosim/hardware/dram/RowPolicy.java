package org.legosim.hardware.dram;

/** What becomes of a row after an access. */
public enum RowPolicy {
  /** It stays open until another row of its bank is needed, or a refresh. */
  OPEN,
  /** It is closed at once (auto-precharge). */
  CLOSED
}
