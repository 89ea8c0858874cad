package org.legosim.timing;

/** The user asked for something that is not allowed: an unknown key, a missing unit, a bad range. */
public final class ConfigException extends LegosimException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(ExitCode.USAGE, message);
  }

  public ConfigException(String message, Throwable cause) {
    super(ExitCode.USAGE, message, cause);
  }
}
