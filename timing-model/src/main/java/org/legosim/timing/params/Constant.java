package org.legosim.timing.params;

/**
 * A physical constant as configured.
 *
 * @param key its configuration key
 * @param value in the key's canonical unit
 * @param status of this value: a value set on the command line keeps its key's status
 */
public record Constant(String key, long value, Status status) {
  public boolean isAssumed() {
    return status == Status.ASSUMED;
  }
}
