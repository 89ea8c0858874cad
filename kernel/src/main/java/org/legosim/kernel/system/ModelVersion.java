package org.legosim.kernel.system;

/** Version of the models: results of different versions are not expected to be equal. */
public final class ModelVersion {
  /** Same as the project's version; a test compares them. */
  public static final String CURRENT = "0.1.0";

  private ModelVersion() {}
}
