package org.legosim.trace.importer;

import java.io.BufferedInputStream;
import java.io.IOException;

/** The records of the cloudsuite traces: 96 bytes, four stores and four loads. See {@link ChampsimReader}. */
public final class ChampsimCloudsuiteImporter extends ForeignImporter {
  public ChampsimCloudsuiteImporter() {
    super("champsim-cloudsuite");
  }

  @Override
  void read(BufferedInputStream in, String name, Target target) throws IOException {
    try (ImportSession session = new ImportSession(target, false, X86_64, name)) {
      ChampsimReader reader = new ChampsimReader(format(), 96, 24, 56);
      requireSome(reader.read(new BinaryInput(in, name, reader.recordBytes()), session), name);
    }
  }
}
