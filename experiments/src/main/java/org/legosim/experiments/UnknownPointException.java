package org.legosim.experiments;

/** A row that this version does not model; the message says why. */
final class UnknownPointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownPointException(String message) {
    super(message);
  }
}
