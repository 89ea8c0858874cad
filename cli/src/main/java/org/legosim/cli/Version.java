package org.legosim.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, as it stands in the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("built from source");
    return new String[] {"legosim " + version};
  }
}
